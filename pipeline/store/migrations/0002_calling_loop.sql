-- 0.2.0: what the calling loop tells of a prospect, and what was resolved together. The version of the schema is written down from here on.
ALTER TABLE prospects ADD COLUMN IF NOT EXISTS exhausted_on DATE;
ALTER TABLE prospects ADD COLUMN IF NOT EXISTS due_at TIMESTAMPTZ;
ALTER TABLE prospects ADD COLUMN IF NOT EXISTS reopened_by VARCHAR;
ALTER TABLE prospects ADD COLUMN IF NOT EXISTS referred_by VARCHAR;
ALTER TABLE person_mentions ADD COLUMN IF NOT EXISTS resolved_at TIMESTAMPTZ;
ALTER TABLE person_contacts ADD COLUMN IF NOT EXISTS resolved_at TIMESTAMPTZ;
UPDATE runs SET stage = 'done' WHERE stage = 'publish' AND status <> 'running';
