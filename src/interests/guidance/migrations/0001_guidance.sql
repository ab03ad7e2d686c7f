-- Derived: what people did with what, kept from events and made anew by `braid guidance rebuild`.
CREATE TABLE guidance_acts (
    person BIGINT NOT NULL,              -- accounts
    kind TEXT NOT NULL,                  -- of the item: work, topic
    item BIGINT NOT NULL,
    act TEXT NOT NULL,                   -- read, finished, kudos, bookmark; follow
    at BIGINT NOT NULL,
    PRIMARY KEY (person, kind, item, act)
) /* clustered */;
CREATE INDEX guidance_acts_of_item ON guidance_acts (kind, item, person);
CREATE INDEX guidance_acts_newest ON guidance_acts (at);

-- "Not for me".
CREATE TABLE guidance_declined (
    person BIGINT NOT NULL,
    kind TEXT NOT NULL,
    item BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (person, kind, item)
) /* clustered */;
CREATE INDEX guidance_declined_of_item ON guidance_declined (kind, item);

-- One row.
CREATE TABLE guidance_state (
    id BIGINT PRIMARY KEY,
    erasures BIGINT NOT NULL,            -- how often a person's acts were erased: no older model is asked
    filled BIGINT NOT NULL               -- 1: the acts from before this table are in it
);
INSERT INTO guidance_state (id, erasures, filled) VALUES (1, 0, 0);

-- Which models were trained, from what. The models themselves are in the nodes' memory.
CREATE TABLE guidance_models (
    id BIGINT PRIMARY KEY,
    version TEXT NOT NULL,               -- the same inputs and recipe have the same
    recipe TEXT NOT NULL,
    trained_at BIGINT NOT NULL,
    people BIGINT NOT NULL,
    items BIGINT NOT NULL,
    acts BIGINT NOT NULL,                -- pairs of person and item
    weights BIGINT NOT NULL,             -- ties between two items that were kept
    milliseconds BIGINT NOT NULL
);
CREATE INDEX guidance_models_newest ON guidance_models (trained_at, id);
