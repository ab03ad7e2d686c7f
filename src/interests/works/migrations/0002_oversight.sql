-- What moderators decided about a work: none, waiting, hidden, removed.
ALTER TABLE works ADD COLUMN hold TEXT NOT NULL DEFAULT 'none';
-- The rating they set, -1 for none, and the author's own of that time, so that it can be given back.
ALTER TABLE works ADD COLUMN staff_rating BIGINT NOT NULL DEFAULT -1;
ALTER TABLE works ADD COLUMN own_rating BIGINT NOT NULL DEFAULT -1;
