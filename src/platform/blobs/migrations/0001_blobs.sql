-- Every stored file. touched_at: when it was last put; collecting looks at it.
CREATE TABLE blobs (
  digest TEXT PRIMARY KEY,
  media_type TEXT NOT NULL,
  size BIGINT NOT NULL,
  touched_at BIGINT NOT NULL
);
CREATE INDEX blobs_touched ON blobs (touched_at, digest);

-- Who keeps which file, and at whose cost.
CREATE TABLE blob_holds (
  holder TEXT PRIMARY KEY,
  owner BIGINT NOT NULL,
  digest TEXT NOT NULL REFERENCES blobs (digest),
  size BIGINT NOT NULL
);
CREATE INDEX blob_holds_digest ON blob_holds (digest);
CREATE INDEX blob_holds_owner ON blob_holds (owner);
