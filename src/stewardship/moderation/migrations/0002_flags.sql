-- What the site's word lists found in something others may read, each place once: `mark` is a hash of the word with what stands around
-- it, so that nobody is asked about the same place again, whatever was decided.
CREATE TABLE moderation_flags (
    kind TEXT NOT NULL,              -- work, comment, profile
    object BIGINT NOT NULL,
    mark TEXT NOT NULL,
    subject BIGINT NOT NULL,         -- person whose it is
    flagged_at BIGINT NOT NULL,
    PRIMARY KEY (kind, object, mark)
) /* clustered */;
CREATE INDEX moderation_flags_of ON moderation_flags (subject, kind, object);
