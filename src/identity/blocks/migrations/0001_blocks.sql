-- Whom a person wants nothing of. Hers alone: the other never learns of a row here.
CREATE TABLE blocks (
    person BIGINT NOT NULL,              -- accounts: who asked for it
    other BIGINT NOT NULL,               -- accounts: never the same
    kind TEXT NOT NULL,                  -- mute: she sees nothing of the other; block: nor the other of her
    since BIGINT NOT NULL,
    PRIMARY KEY (person, other)
) /* clustered */;

CREATE INDEX blocks_by_other ON blocks (other, person);

-- What follows, for the queries of everybody: `viewer` sees nothing of `person`. Made from blocks in the transaction that changes it.
CREATE TABLE apart (
    viewer BIGINT NOT NULL,
    person BIGINT NOT NULL,
    PRIMARY KEY (viewer, person)
) /* clustered */;

CREATE INDEX apart_by_person ON apart (person, viewer);
