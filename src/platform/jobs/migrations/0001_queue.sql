-- Facts, appended in the transaction that made them true; dispatched_at is set when each subscriber has its job.
CREATE TABLE event_outbox (
  id BIGINT PRIMARY KEY,
  type TEXT NOT NULL,
  body TEXT NOT NULL,
  at BIGINT NOT NULL,
  dispatched_at BIGINT
);
CREATE INDEX event_outbox_waiting ON event_outbox (id) WHERE dispatched_at IS NULL;
CREATE INDEX event_outbox_done ON event_outbox (dispatched_at, id) WHERE dispatched_at IS NOT NULL;

-- Work to do. due_at: not before; while leased, when the lease runs out and the job is anyone's again.
CREATE TABLE jobs (
  id BIGINT PRIMARY KEY,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  event_id BIGINT,
  due_at BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  lease BIGINT,
  parked_at BIGINT,
  last_error TEXT
);
CREATE INDEX jobs_due ON jobs (due_at, id) WHERE parked_at IS NULL;
CREATE INDEX jobs_parked ON jobs (parked_at, id) WHERE parked_at IS NOT NULL;
CREATE UNIQUE INDEX jobs_event ON jobs (event_id, kind) WHERE event_id IS NOT NULL;

-- When each timer is next due; while it runs, when its lease runs out.
CREATE TABLE timers (
  name TEXT PRIMARY KEY,
  due_at BIGINT NOT NULL,
  lease BIGINT,
  last_error TEXT
);
