-- What staff looked at and did, one row after another; each carries the hash of the one before (chain.h). Rows are added and
-- never changed: the triggers below refuse, and whoever takes the triggers away leaves a chain that does not add up.
CREATE TABLE audit_log (
    seq BIGINT PRIMARY KEY,          -- 1, 2, 3 … without gaps
    at BIGINT NOT NULL,
    actor BIGINT NOT NULL,           -- person; 0: the operator at the console, or the program itself
    roles BIGINT NOT NULL,           -- bit per role she had then
    kind TEXT NOT NULL,              -- view, action
    action TEXT NOT NULL,            -- name of the policy's action
    object_kind TEXT NOT NULL,       -- work, comment, profile …
    object BIGINT NOT NULL,
    subject BIGINT NOT NULL,         -- person it was about, 0 for nobody
    reason TEXT NOT NULL,
    previous TEXT NOT NULL,          -- hash of the row before, 64 hex digits
    hash TEXT NOT NULL
);
CREATE INDEX audit_log_of_actor ON audit_log (actor, seq);
CREATE INDEX audit_log_of_object ON audit_log (object_kind, object, seq);
CREATE INDEX audit_log_about ON audit_log (subject, seq);
CREATE INDEX audit_log_by_action ON audit_log (action, seq);

-- Where the chain ends. One row; whoever appends locks it first, so that there is one order.
CREATE TABLE audit_head (
    id BIGINT PRIMARY KEY,
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL
);
INSERT INTO audit_head (id, seq, hash)
    VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

/* sqlite only:
CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
*/
/* postgres only */
CREATE FUNCTION audit_log_refuse() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN RAISE EXCEPTION ''the audit log is append-only''; END';
CREATE TRIGGER audit_log_no_change BEFORE UPDATE OR DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_log_refuse();
CREATE TRIGGER audit_log_no_truncate BEFORE TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION audit_log_refuse();
/* end */
