-- What moderators decided about an account, beside what is read of a person anyway. An end is a moment, 0 for none; whoever
-- reads compares it with now, so that nothing has to happen for a pause to end.
ALTER TABLE persons ADD COLUMN suspended_until BIGINT NOT NULL DEFAULT 0;
ALTER TABLE persons ADD COLUMN suspension_path TEXT NOT NULL DEFAULT '';   -- where she reads why, without signing in
ALTER TABLE persons ADD COLUMN quiet_until BIGINT NOT NULL DEFAULT 0;
ALTER TABLE persons ADD COLUMN face TEXT NOT NULL DEFAULT 'shown';         -- shown, hidden, removed
ALTER TABLE persons ADD COLUMN posts_reviewed BIGINT NOT NULL DEFAULT 0;   -- first posts that a moderator let through

DROP VIEW person_faces;
CREATE VIEW person_faces AS
    SELECT id, handle, display_name, birth_year, birth_month, language, role_bits, roles_until, suspended_until,
           quiet_until
    FROM persons;
