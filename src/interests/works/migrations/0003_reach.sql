-- How far the author's guardians let a work be seen, whatever she chose: 0 herself, 1 who is signed in, 2 everyone. `audience` is
-- the lesser of this and her choice.
ALTER TABLE works ADD COLUMN reach BIGINT NOT NULL DEFAULT 2;
