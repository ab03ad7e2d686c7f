-- What moderators decided about a comment: none, waiting, hidden, removed. Apart from `state`, which is what its
-- authors did, so that taking the decision back gives their state back.
ALTER TABLE comments ADD COLUMN hold TEXT NOT NULL DEFAULT 'none';
