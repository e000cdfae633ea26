-- What the rule reads: one row a dial, from the call log and (as one row a person) from imported contacts, and the dated
-- reasons that may reopen somebody. Reads in_scope(person_id), wanted(kind, word) and the variables today, scoped.

CREATE OR REPLACE TEMP TABLE known AS
SELECT pc.person_id, bool_or(c.is_customer) AS is_customer, bool_or(c.do_not_call) AS do_not_call,
       max(c.attempts) AS attempts, max(c.last_call) AS last_call, arg_max(c.last_outcome, coalesce(c.last_call, c.imported_at)) AS last_outcome,
       max(c.imported_at) AS imported_at, min(coalesce(c.mobile, c.phone)) AS phone, min(c.email) AS email
FROM person_contacts pc JOIN contacts c USING (contact_id)
WHERE coalesce(c.source_system, '') <> 'referral' AND (NOT getvariable('scoped') OR pc.person_id IN (SELECT person_id FROM in_scope))
GROUP BY pc.person_id;

CREATE OR REPLACE TEMP TABLE dials AS
SELECT person_id, called_at, local_day, CASE day_part WHEN 'morning' THEN 1 WHEN 'midday' THEN 2 WHEN 'afternoon' THEN 4 WHEN 'evening' THEN 8 ELSE 0 END AS part_bit,
       outcome, conversation, outcome IN (SELECT word FROM wanted WHERE kind = 'final_outcome') AS final, 1 AS weight,
       false AS imported, next_at
FROM call_log WHERE NOT getvariable('scoped') OR person_id IN (SELECT person_id FROM in_scope)
UNION ALL
-- a CRM file counts attempts but keeps no hours
SELECT person_id, coalesce(last_call, imported_at), coalesce(last_call, imported_at)::DATE, 0, last_outcome,
       coalesce(last_outcome IN ('reached', 'callback', 'not_now', 'not_interested', 'appointment', 'sale'), false),
       coalesce(last_outcome IN (SELECT word FROM wanted WHERE kind = 'final_outcome'), false), attempts, true, NULL
FROM known WHERE attempts > 0 OR last_outcome IS NOT NULL;

CREATE OR REPLACE TEMP TABLE dated_reason AS
SELECT pm.person_id, least(m.trigger_date, m.published::DATE) AS reason_day, m.trigger, m.mention_id
FROM person_mentions pm JOIN mentions m USING (mention_id)
WHERE NOT m.former AND coalesce(m.trigger_date, m.published::DATE) IS NOT NULL
  AND m.trigger IN (SELECT word FROM wanted WHERE kind = 'reopen_on') AND pm.person_id IN (SELECT person_id FROM dials)
UNION ALL
SELECT coalesce(a.person_id, r.person_id), r.referred_on, 'referral', NULL
FROM referrals r LEFT JOIN person_aliases a ON a.old_id = r.person_id
WHERE coalesce(a.person_id, r.person_id) IN (SELECT person_id FROM dials);

CREATE OR REPLACE TEMP TABLE open_round AS SELECT DISTINCT person_id, 0 AS round, NULL::DATE AS started, NULL::VARCHAR AS reopened_by FROM dials;
CREATE OR REPLACE TEMP TABLE round_end (person_id VARCHAR, round INTEGER, started DATE, reopened_by VARCHAR, exhausted_on DATE, cause VARCHAR);
