-- Whether the comments of a child are kept from everybody but herself: no; while_paused, because her guardian took consent back;
-- hers_alone, since she outgrew the guardian who had: nothing comes out by itself.
ALTER TABLE comments ADD COLUMN withheld TEXT NOT NULL DEFAULT 'no';
