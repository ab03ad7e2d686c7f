-- What guardians keep from a person (bit per access::Choice), and bit 30 when her account is paused.
ALTER TABLE persons ADD COLUMN guarded BIGINT NOT NULL DEFAULT 0;

-- Handles of people who wait for a guardian's consent: nobody else takes them meanwhile.
CREATE TABLE handle_holds (
    handle TEXT PRIMARY KEY,
    since BIGINT NOT NULL
);

DROP VIEW person_faces;
CREATE VIEW person_faces AS
    SELECT id, handle, display_name, birth_year, birth_month, language, role_bits, roles_until, suspended_until,
           quiet_until, guarded
    FROM persons;
