-- State, score and best reason of every person, made anew into `prospects`.
-- Reads the temporary tables weight_reason(trigger, points, half_life), weight_level(role_level, points),
-- weight(name, points), wanted(kind, word), suppressed(person_id, reason) and the variables today, now,
-- max_attempts, cool_off_days, max_reason_age that pipeline.scoring.scoring sets.

CREATE OR REPLACE TEMP TABLE ranked AS
WITH dated AS (
    SELECT pm.person_id, m.mention_id, m.trigger, m.role, m.role_level, m.company, m.org_kind, m.place, m.former,
           m.confidence, m.evidence, m.event_id, m.page_url,
           coalesce(CASE WHEN m.trigger IN ('speaker', 'host', 'attendee') THEN m.trigger_date END,
                    least(m.trigger_date, m.published::DATE), m.published::DATE, m.trigger_date, m.seen_at::DATE) AS reason_day
    FROM person_mentions pm JOIN mentions m USING (mention_id)),
aged AS (
    SELECT d.*, w.points AS base, greatest(0, date_diff('day', d.reason_day, getvariable('today')::DATE)) AS age, w.half_life
    FROM dated d JOIN weight_reason w USING (trigger))
SELECT *, CASE WHEN former THEN 0 ELSE base * pow(0.5, age / half_life) END AS reason_points
FROM aged;

CREATE OR REPLACE TEMP TABLE best AS
SELECT * FROM ranked
QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY former, reason_points DESC, confidence DESC, mention_id) = 1;

CREATE OR REPLACE TEMP TABLE named AS
SELECT person_id, count(DISTINCT page_url) AS pages FROM ranked GROUP BY person_id;

CREATE OR REPLACE TEMP TABLE log AS
SELECT person_id, count(*) AS dials, max(called_at) AS last_called, arg_max(outcome, called_at) AS last_outcome,
       arg_max(next_at, called_at) AS next_call, bool_or(outcome = 'sale') AS sold,
       count(DISTINCT CASE WHEN hour(called_at) < 10 THEN 1 WHEN hour(called_at) < 13 THEN 2
                           WHEN hour(called_at) < 16 THEN 3 ELSE 4 END) AS day_parts,
       bool_or(outcome IN ('reached', 'callback', 'not_now', 'appointment', 'sale')) AS spoken
FROM calls GROUP BY person_id;

CREATE OR REPLACE TEMP TABLE known AS
SELECT pc.person_id, bool_or(c.is_customer) AS is_customer, bool_or(c.do_not_call) AS do_not_call,
       max(c.attempts) AS attempts, max(c.last_call) AS last_call, arg_max(c.last_outcome, c.last_call) AS last_outcome,
       min(coalesce(c.mobile, c.phone)) AS phone, min(c.email) AS email
FROM person_contacts pc JOIN contacts c USING (contact_id) GROUP BY pc.person_id;

CREATE OR REPLACE TEMP TABLE listed AS
SELECT DISTINCT r.prospect_id FROM export_rows r JOIN exports e USING (export_id)
WHERE r.returned_at IS NULL AND e.list = 'fresh';

CREATE OR REPLACE TEMP TABLE site AS
SELECT l.company_id, any_value(p.phones[1]) AS phone, any_value(p.emails[1]) AS email, any_value(p.street) AS street,
       any_value(p.postcode) AS postcode, any_value(p.town) AS town, any_value(p.country) AS country,
       any_value(l.website) AS website
FROM company_lookups l JOIN company_profiles p USING (website) WHERE l.proven GROUP BY l.company_id;

CREATE OR REPLACE TEMP TABLE considered AS
SELECT p.person_id, b.mention_id, b.trigger, b.reason_day, b.age, coalesce(b.reason_points, 0) AS reason_points,
       coalesce(b.role, p.role) AS role, coalesce(nullif(b.role_level, 'unknown'), p.role_level, 'unknown') AS role_level,
       coalesce(b.org_kind, p.org_kind) AS org_kind, coalesce(b.company, p.company) AS company, b.former, b.confidence,
       b.evidence, p.company_id, coalesce(p.place, b.place, s.town) AS place, s.country,
       k.phone AS direct_phone, s.phone AS site_phone, coalesce(k.email, s.email) AS email,
       coalesce(n.pages, 0) AS pages, k.person_id IS NOT NULL AS known_contact, coalesce(k.is_customer, false) AS is_customer,
       coalesce(k.do_not_call, false) AS do_not_call,
       coalesce(k.attempts, 0) + coalesce(l.dials, 0) AS attempts, greatest(k.last_call, l.last_called) AS last_called,
       CASE WHEN l.last_called >= coalesce(k.last_call, l.last_called) THEN l.last_outcome ELSE k.last_outcome END AS last_outcome,
       l.next_call, coalesce(l.sold, false) AS sold, coalesce(l.spoken, false) AS spoken, coalesce(l.day_parts, 0) AS day_parts,
       coalesce(k.attempts, 0) AS contact_attempts, li.prospect_id IS NOT NULL AS listed, su.reason AS suppressed,
       r.last_reason IS NOT NULL AND greatest(k.last_call, l.last_called) IS NOT NULL
           AND r.last_reason > (greatest(k.last_call, l.last_called)::DATE + getvariable('cool_off_days')::INTEGER) AS new_reason
FROM people p
LEFT JOIN best b USING (person_id) LEFT JOIN named n USING (person_id) LEFT JOIN log l USING (person_id)
LEFT JOIN known k USING (person_id) LEFT JOIN listed li ON li.prospect_id = p.person_id
LEFT JOIN site s ON s.company_id = p.company_id LEFT JOIN suppressed su USING (person_id)
LEFT JOIN (SELECT person_id, max(reason_day) AS last_reason FROM ranked
           WHERE NOT former AND trigger IN (SELECT word FROM wanted WHERE kind = 'reopen_on') GROUP BY person_id) r
    USING (person_id);

CREATE OR REPLACE TEMP TABLE judged AS
SELECT *,
    CASE WHEN last_outcome IN (SELECT word FROM wanted WHERE kind = 'final_outcome') THEN 'final outcome: ' || last_outcome
         WHEN contact_attempts >= getvariable('max_attempts')::INTEGER AND NOT spoken
             THEN contact_attempts || ' attempts in the imported contacts'
         WHEN attempts >= getvariable('max_attempts')::INTEGER AND NOT spoken
             AND (day_parts >= getvariable('min_day_parts')::INTEGER OR contact_attempts > 0)
             THEN attempts || ' attempts without contact' END AS exhausted,
    CASE WHEN mention_id IS NULL THEN 'no page names this person'
         WHEN former THEN 'no longer holds the role'
         WHEN role IS NULL AND trigger NOT IN ('appointment', 'promotion', 'succession', 'founding') THEN 'no business role'
         WHEN org_kind NOT IN (SELECT word FROM wanted WHERE kind = 'org_kind') THEN 'organisation kind is ' || org_kind
         WHEN confidence < 0.4 THEN 'the reader is not sure'
         WHEN EXISTS (SELECT 1 FROM wanted w WHERE w.kind = 'exclude'
                      AND contains(lower(concat_ws(' ', company, role)), w.word)) THEN 'excluded in the settings'
         WHEN trigger IN (SELECT word FROM wanted WHERE kind = 'no_reason') THEN trigger || ' is no reason to call'
         WHEN age > getvariable('max_reason_age')::DOUBLE * (SELECT max(half_life) FROM weight_reason w WHERE w.trigger = considered.trigger)
             THEN 'the reason is too old' END AS unfit
FROM considered;

CREATE OR REPLACE TEMP TABLE stated AS
SELECT *,
    CASE WHEN suppressed = 'erased' THEN 'erased'
         WHEN suppressed IS NOT NULL OR do_not_call OR last_outcome = 'do_not_call' THEN 'suppressed'
         WHEN is_customer OR sold OR last_outcome = 'sale' THEN 'customer'
         WHEN exhausted IS NOT NULL AND NOT (new_reason AND unfit IS NULL) THEN 'exhausted'
         WHEN exhausted IS NOT NULL AND new_reason THEN CASE WHEN listed THEN 'listed' ELSE 'new' END
         WHEN last_outcome = 'appointment' THEN 'appointment'
         WHEN attempts > 0 OR known_contact THEN 'working'
         WHEN listed THEN 'listed'
         WHEN unfit IS NOT NULL THEN 'unfit'
         ELSE 'new' END AS state
FROM judged;

CREATE OR REPLACE TEMP TABLE parted AS
SELECT *, list_filter([
    {'name': 'reason', 'points': round(reason_points)::INTEGER, 'detail': trigger || ', ' || age || ' days old'},
    {'name': 'role', 'points': (SELECT any_value(points) FROM weight_level w WHERE w.role_level = stated.role_level), 'detail': role_level},
    {'name': 'wanted level', 'points': CASE WHEN role_level IN (SELECT word FROM wanted WHERE kind = 'role_level')
        THEN (SELECT points FROM weight WHERE name = 'wanted_level') END, 'detail': role_level},
    {'name': 'wanted role', 'points': CASE WHEN EXISTS (SELECT 1 FROM wanted w WHERE w.kind = 'role' AND contains(lower(role), w.word))
        THEN (SELECT points FROM weight WHERE name = 'wanted_role') END, 'detail': role},
    {'name': 'wanted industry', 'points': CASE WHEN EXISTS (SELECT 1 FROM wanted w WHERE w.kind = 'industry'
        AND contains(lower(concat_ws(' ', company, evidence)), w.word)) THEN (SELECT points FROM weight WHERE name = 'wanted_industry') END,
        'detail': company},
    {'name': 'organisation', 'points': CASE WHEN org_kind IN (SELECT word FROM wanted WHERE kind = 'org_kind')
        THEN (SELECT points FROM weight WHERE name = 'wanted_organisation') END, 'detail': org_kind},
    {'name': 'territory', 'points': CASE WHEN lower(place) IN (SELECT word FROM wanted WHERE kind = 'town')
            THEN (SELECT points FROM weight WHERE name = 'town')
        WHEN country IN (SELECT word FROM wanted WHERE kind = 'country') THEN (SELECT points FROM weight WHERE name = 'country') END,
        'detail': coalesce(place, country)},
    {'name': 'reachable', 'points': CASE WHEN direct_phone IS NOT NULL THEN (SELECT points FROM weight WHERE name = 'direct_phone')
        WHEN site_phone IS NOT NULL THEN (SELECT points FROM weight WHERE name = 'switchboard')
        WHEN email IS NOT NULL THEN (SELECT points FROM weight WHERE name = 'email_only') END,
        'detail': CASE WHEN direct_phone IS NOT NULL THEN 'direct phone' WHEN site_phone IS NOT NULL THEN 'switchboard' ELSE 'e-mail' END},
    {'name': 'named again', 'points': CASE WHEN pages > 1 THEN least((pages - 1) * (SELECT points FROM weight WHERE name = 'named_again'),
        (SELECT points FROM weight WHERE name = 'named_again_max')) END::INTEGER, 'detail': pages || ' pages'},
    {'name': 'reopened', 'points': CASE WHEN exhausted IS NOT NULL AND state IN ('new', 'listed')
        THEN (SELECT points FROM weight WHERE name = 'reopened') END, 'detail': 'new dated reason after the cool-off'}
    ], lambda part: coalesce(part.points, 0) <> 0) AS parts
FROM stated;

DELETE FROM prospects;
INSERT INTO prospects BY NAME
SELECT person_id AS prospect_id, state,
       CASE state WHEN 'exhausted' THEN exhausted WHEN 'unfit' THEN unfit WHEN 'suppressed' THEN coalesce(suppressed, 'do not call')
            WHEN 'customer' THEN 'customer in the imported contacts or by a sale'
            WHEN 'working' THEN CASE WHEN attempts > 0 THEN attempts || ' attempts so far' ELSE 'known contact, imported' END
            WHEN 'new' THEN CASE WHEN exhausted IS NOT NULL THEN 'reopened: ' || trigger || ' of ' || reason_day END END AS state_reason,
       coalesce(list_sum(list_transform(parts, lambda part: part.points)), 0)::INTEGER AS score, to_json(parts) AS score_parts, mention_id, trigger, reason_day,
       attempts, last_called, last_outcome, next_call, known_contact,
       exhausted IS NOT NULL AND state IN ('new', 'listed') AS reopened, getvariable('now')::TIMESTAMPTZ AS scored_at
FROM parted;
