-- Who somebody is to the provider she signs in with: one account of ours for each of theirs, one of theirs for each of ours.
CREATE TABLE provider_identities (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,               -- what the provider calls her; says nothing outside of it
    person BIGINT NOT NULL,
    linked_at BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    PRIMARY KEY (issuer, subject)
) /* clustered */;
CREATE UNIQUE INDEX provider_identities_of_person ON provider_identities (person, issuer);
