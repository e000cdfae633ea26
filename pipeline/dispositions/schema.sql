-- The call log as everybody reads it, its corrections, and referrals. Day and hour are local to the user's time zone,
-- which every scoring keeps in store_meta ('timezone'); before the first scoring it is the session's.

CREATE TABLE IF NOT EXISTS call_corrections (
    call_id VARCHAR NOT NULL, correction VARCHAR NOT NULL, recorded_at TIMESTAMPTZ NOT NULL);
COMMENT ON TABLE call_corrections IS 'Calls that were logged by mistake (decision table: the call stays in the log, the correction is appended).';
COMMENT ON COLUMN call_corrections.call_id IS 'The call (calls.call_id).';
COMMENT ON COLUMN call_corrections.correction IS 'undone.';
COMMENT ON COLUMN call_corrections.recorded_at IS 'When it was corrected.';

CREATE TABLE IF NOT EXISTS referrals (
    referral_id VARCHAR NOT NULL, person_id VARCHAR NOT NULL, referred_by VARCHAR NOT NULL, contact_id VARCHAR, relation VARCHAR,
    note VARCHAR, referred_on DATE NOT NULL, recorded_at TIMESTAMPTZ NOT NULL);
COMMENT ON TABLE referrals IS 'Who was recommended by whom (decision table).';
COMMENT ON COLUMN referrals.referral_id IS 'Hash of both people and the day.';
COMMENT ON COLUMN referrals.person_id IS 'Who was recommended.';
COMMENT ON COLUMN referrals.referred_by IS 'Person who gave the name.';
COMMENT ON COLUMN referrals.contact_id IS 'Contact that the referral added (contacts.contact_id); NULL when the person was known.';
COMMENT ON COLUMN referrals.relation IS 'How they know each other, in words.';
COMMENT ON COLUMN referrals.note IS 'What the rep wrote.';
COMMENT ON COLUMN referrals.referred_on IS 'Day of the recommendation, local: the dated reason.';
COMMENT ON COLUMN referrals.recorded_at IS 'When it was logged.';

CREATE OR REPLACE VIEW call_log AS
SELECT c.call_id, coalesce(a.person_id, c.person_id) AS person_id, c.called_at, c.local_time, c.local_time::DATE AS local_day,
       CASE WHEN c.local_time::TIME = TIME '00:00:00' THEN 'unknown' WHEN hour(c.local_time) < 10 THEN 'morning' WHEN hour(c.local_time) < 13 THEN 'midday'
            WHEN hour(c.local_time) < 16 THEN 'afternoon' ELSE 'evening' END AS day_part, c.outcome,
       c.outcome IN ('reached', 'callback', 'not_now', 'not_interested', 'appointment', 'sale') AS conversation,
       c.minutes, c.note, c.next_at, c.import_id, c.recorded_at
FROM (SELECT *, called_at AT TIME ZONE coalesce((SELECT max(value) FROM store_meta WHERE key = 'timezone'),
                                                current_setting('TimeZone')) AS local_time FROM calls) c
LEFT JOIN person_aliases a ON a.old_id = c.person_id
WHERE c.call_id NOT IN (SELECT call_id FROM call_corrections);
COMMENT ON VIEW call_log IS 'Dials that count: without the undone ones, with the person as known today, the local day and the part of the day.';
COMMENT ON COLUMN call_log.person_id IS 'Who was called, after merges of identities.';
COMMENT ON COLUMN call_log.local_time IS 'When, in the user''s time zone; midnight when only the day is known.';
COMMENT ON COLUMN call_log.local_day IS 'Day of the dial, local.';
COMMENT ON COLUMN call_log.day_part IS 'morning (before 10), midday (10 to 13), afternoon (13 to 16), evening, or unknown when only the day is known.';
COMMENT ON COLUMN call_log.conversation IS 'True when the person was spoken to.';

CREATE OR REPLACE VIEW export_log AS
SELECT r.export_id, e.list, e.preset, e.exported_at,
       (e.exported_at AT TIME ZONE coalesce((SELECT max(value) FROM store_meta WHERE key = 'timezone'),
                                            current_setting('TimeZone')))::DATE AS local_day,
       r.rank, coalesce(a.person_id, r.prospect_id) AS person_id, coalesce(try_cast(r.row ->> 'attempts' AS INTEGER), 0) = 0 AS never_called,
       r.returned_at
FROM export_rows r JOIN exports e USING (export_id) LEFT JOIN person_aliases a ON a.old_id = r.prospect_id;
COMMENT ON VIEW export_log IS 'Who stood on which list, one row a person and list, with the person as known today.';
COMMENT ON COLUMN export_log.local_day IS 'Day of the list, local.';
COMMENT ON COLUMN export_log.person_id IS 'The person, after merges of identities.';
COMMENT ON COLUMN export_log.never_called IS 'True when nobody had called this person when the list was written.';
