-- State, score and best reason of the people in scope, made anew into `prospects`.
-- Reads the temporary tables weight_reason(trigger, points, half_life), weight_level(role_level, points),
-- weight(name, points), wanted(kind, word), suppressed(person_id, reason), place_km(place, km), in_scope(person_id),
-- those of pipeline/dispositions (known, dialled) and the variables today, now, scoped, max_reason_age, lately_days,
-- radius_km that pipeline.scoring.scoring sets.

CREATE OR REPLACE TEMP TABLE recommended AS
SELECT coalesce(a.person_id, r.person_id) AS person_id, max(r.referred_on) AS referred_on,
       arg_max(coalesce(b.person_id, r.referred_by), r.recorded_at) AS referred_by
FROM referrals r LEFT JOIN person_aliases a ON a.old_id = r.person_id LEFT JOIN person_aliases b ON b.old_id = r.referred_by
WHERE NOT getvariable('scoped') OR coalesce(a.person_id, r.person_id) IN (SELECT person_id FROM in_scope)
GROUP BY 1
HAVING max(r.referred_on) >= getvariable('today')::DATE
    - (getvariable('max_reason_age')::DOUBLE * (SELECT half_life FROM weight_reason WHERE trigger = 'referral'))::INTEGER;

CREATE OR REPLACE TEMP TABLE ranked AS
WITH dated AS (
    SELECT pm.person_id, m.mention_id, m.trigger, m.role, m.role_level, m.company, m.org_kind, m.place, m.former,
           m.confidence, m.evidence, m.event_id, m.page_url, m.source,
           coalesce(CASE WHEN m.trigger IN ('speaker', 'host', 'attendee') THEN m.trigger_date END,
                    least(m.trigger_date, m.published::DATE), m.published::DATE, m.trigger_date, m.seen_at::DATE) AS reason_day
    FROM person_mentions pm JOIN mentions m USING (mention_id)
    WHERE NOT getvariable('scoped') OR pm.person_id IN (SELECT person_id FROM in_scope)),
aged AS (
    SELECT d.*, w.points AS base, greatest(0, date_diff('day', d.reason_day, getvariable('today')::DATE)) AS age, w.half_life
    FROM dated d JOIN weight_reason w USING (trigger))
SELECT *, CASE WHEN former THEN 0 ELSE base * pow(0.5, age / half_life) END AS reason_points
FROM aged;

-- somebody who was brought back is called for the reason that did it, or for a newer one
CREATE OR REPLACE TEMP TABLE best AS
SELECT r.* FROM ranked r LEFT JOIN dialled d USING (person_id)
QUALIFY row_number() OVER (PARTITION BY r.person_id ORDER BY r.former, d.started IS NOT NULL AND r.reason_day < d.started,
                           r.reason_points DESC, r.confidence DESC, r.mention_id) = 1;

CREATE OR REPLACE TEMP TABLE named AS
SELECT person_id, count(DISTINCT page_url) AS pages FROM ranked
WHERE age <= getvariable('lately_days')::INTEGER GROUP BY person_id;

DROP TABLE ranked;

CREATE OR REPLACE TEMP TABLE listed AS
SELECT person_id, max(local_day) AS listed_on FROM export_log WHERE returned_at IS NULL AND list IN ('fresh', 'today') GROUP BY person_id;

CREATE OR REPLACE TEMP TABLE site AS
SELECT l.company_id, any_value(p.phones[1]) AS phone, any_value(p.emails[1]) AS email, any_value(p.town) AS town,
       any_value(p.country) AS country
FROM company_lookups l JOIN company_profiles p USING (website) WHERE l.proven GROUP BY l.company_id;

CREATE OR REPLACE TEMP TABLE reach AS
SELECT pc.person_id, min(coalesce(c.mobile, c.phone)) AS phone, min(c.email) AS email
FROM person_contacts pc JOIN contacts c USING (contact_id)
WHERE NOT getvariable('scoped') OR pc.person_id IN (SELECT person_id FROM in_scope) GROUP BY pc.person_id;

-- how many of the people called from a source came to an appointment, drawn to the mean of all while they are few
CREATE OR REPLACE TEMP TABLE source_yield AS
WITH called AS (
    SELECT person_id, bool_or(outcome IN ('appointment', 'sale')) AS won FROM call_log GROUP BY person_id),
per_source AS (
    SELECT m.source, count(DISTINCT c.person_id) AS tried, count(DISTINCT CASE WHEN c.won THEN c.person_id END) AS won
    FROM called c JOIN person_mentions pm USING (person_id) JOIN mentions m USING (mention_id) GROUP BY m.source),
overall AS (SELECT count(*) AS tried, count(*) FILTER (won) AS won FROM called)
SELECT s.source, s.tried, s.won,
       round(greatest(-1, least(1, (s.won + 20 * o.won / o.tried) / (s.tried + 20) / (o.won / o.tried) - 1))
             * (SELECT points FROM weight WHERE name = 'source_yield'))::INTEGER AS points
FROM per_source s, overall o WHERE o.tried >= 20 AND o.won >= 3;

CREATE OR REPLACE TEMP VIEW considered AS
SELECT p.person_id, b.mention_id, CASE WHEN rf.person_id IS NOT NULL THEN 'referral' ELSE b.trigger END AS trigger,
       coalesce(rf.referred_on, b.reason_day) AS reason_day, b.trigger AS news, b.reason_day AS news_day, b.age,
       coalesce(b.reason_points, 0) AS reason_points, coalesce(b.role, p.role) AS role,
       coalesce(nullif(b.role_level, 'unknown'), p.role_level, 'unknown') AS role_level,
       coalesce(b.org_kind, p.org_kind) AS org_kind, coalesce(b.company, p.company) AS company, b.former, b.confidence,
       b.evidence, b.source, coalesce(p.place, b.place, s.town) AS place, s.country,
       rc.phone AS direct_phone, s.phone AS site_phone, coalesce(rc.email, s.email) AS email,
       coalesce(n.pages, 0) AS pages, k.person_id IS NOT NULL AS known_contact, coalesce(k.is_customer, false) AS is_customer,
       coalesce(k.do_not_call, false) AS do_not_call, k.imported_at, coalesce(d.attempts, 0)::INTEGER AS attempts,
       d.last_called, d.last_outcome, d.next_call, d.due_at, d.exhausted_on, d.cause, d.reopened_by,
       coalesce(d.sold, false) AS sold, coalesce(d.barred, false) AS barred, coalesce(d.tried_in_round, false) AS tried_in_round,
       li.listed_on IS NOT NULL AND (d.started IS NULL OR li.listed_on >= d.started) AS listed,
       su.reason AS suppressed, rf.referred_by, rf.referred_on
FROM (SELECT * FROM people WHERE NOT getvariable('scoped') OR person_id IN (SELECT person_id FROM in_scope)) p
LEFT JOIN best b USING (person_id) LEFT JOIN named n USING (person_id) LEFT JOIN dialled d USING (person_id)
LEFT JOIN known k USING (person_id) LEFT JOIN reach rc USING (person_id) LEFT JOIN listed li USING (person_id)
LEFT JOIN site s ON s.company_id = p.company_id LEFT JOIN suppressed su USING (person_id)
LEFT JOIN recommended rf USING (person_id);

CREATE OR REPLACE TEMP VIEW judged AS
SELECT *,
    CASE WHEN referred_by IS NOT NULL THEN NULL
         WHEN mention_id IS NULL THEN 'no page names this person'
         WHEN former THEN 'no longer holds the role'
         WHEN role IS NULL AND news NOT IN ('appointment', 'promotion', 'succession', 'founding') THEN 'no business role'
         WHEN org_kind NOT IN (SELECT word FROM wanted WHERE kind = 'org_kind') THEN 'organisation kind is ' || org_kind
         WHEN confidence < 0.4 THEN 'the reader is not sure'
         WHEN EXISTS (SELECT 1 FROM wanted w WHERE w.kind = 'exclude'
                      AND contains(lower(concat_ws(' ', company, role)), w.word)) THEN 'excluded in the settings'
         WHEN news IN (SELECT word FROM wanted WHERE kind = 'no_reason') THEN news || ' is no reason to call'
         WHEN age > getvariable('max_reason_age')::DOUBLE * (SELECT max(half_life) FROM weight_reason w WHERE w.trigger = considered.news)
             THEN 'the reason is too old' END AS unfit
FROM considered;

CREATE OR REPLACE TEMP VIEW stated AS
SELECT *,
    CASE WHEN suppressed = 'erased' THEN 'erased'
         WHEN suppressed IS NOT NULL OR do_not_call OR barred THEN 'suppressed'
         WHEN is_customer OR sold OR last_outcome = 'sale' THEN 'customer'
         WHEN exhausted_on IS NOT NULL OR (reopened_by IS NOT NULL AND NOT tried_in_round AND unfit IS NOT NULL) THEN 'exhausted'
         WHEN reopened_by IS NOT NULL AND NOT tried_in_round THEN CASE WHEN listed THEN 'listed' ELSE 'new' END
         WHEN last_outcome = 'appointment' THEN 'appointment'
         WHEN attempts > 0 OR known_contact THEN 'working'
         WHEN listed THEN 'listed'
         WHEN unfit IS NOT NULL THEN 'unfit'
         ELSE 'new' END AS state
FROM judged;

CREATE OR REPLACE TEMP VIEW parted AS
SELECT s.* EXCLUDE (reopened_by), CASE WHEN state IN ('new', 'listed') THEN reopened_by END AS reopened_by, list_filter([
    {'name': 'reason', 'points': round(reason_points)::INTEGER, 'detail': news || ', ' || age || ' days old'},
    {'name': 'referral', 'points': CASE WHEN referred_by IS NOT NULL THEN (SELECT points FROM weight WHERE name = 'referral') END,
        'detail': 'recommended on ' || referred_on},
    {'name': 'role', 'points': lv.points, 'detail': s.role_level},
    {'name': 'wanted level', 'points': CASE WHEN s.role_level IN (SELECT word FROM wanted WHERE kind = 'role_level')
        THEN (SELECT points FROM weight WHERE name = 'wanted_level') END, 'detail': s.role_level},
    {'name': 'wanted role', 'points': CASE WHEN EXISTS (SELECT 1 FROM wanted w WHERE w.kind = 'role' AND contains(lower(role), w.word))
        THEN (SELECT points FROM weight WHERE name = 'wanted_role') END, 'detail': role},
    {'name': 'wanted industry', 'points': CASE WHEN EXISTS (SELECT 1 FROM wanted w WHERE w.kind = 'industry'
        AND contains(lower(concat_ws(' ', company, evidence)), w.word)) THEN (SELECT points FROM weight WHERE name = 'wanted_industry') END,
        'detail': company},
    {'name': 'organisation', 'points': CASE WHEN org_kind IN (SELECT word FROM wanted WHERE kind = 'org_kind')
        THEN (SELECT points FROM weight WHERE name = 'wanted_organisation') END, 'detail': org_kind},
    {'name': 'territory', 'points': greatest(
            CASE WHEN km = 0 THEN (SELECT points FROM weight WHERE name = 'town')
                 WHEN km <= 2 * getvariable('radius_km')::INTEGER
                 THEN round((SELECT points FROM weight WHERE name = 'town') * (1 - km / (2.0 * getvariable('radius_km')::INTEGER)))::INTEGER
                 ELSE 0 END,
            CASE WHEN country IN (SELECT word FROM wanted WHERE kind = 'country') THEN (SELECT points FROM weight WHERE name = 'country') ELSE 0 END),
        'detail': coalesce(s.place || CASE WHEN km IS NOT NULL THEN ', ' || km || ' km' ELSE '' END, country)},
    {'name': 'reachable', 'points': CASE WHEN direct_phone IS NOT NULL THEN (SELECT points FROM weight WHERE name = 'direct_phone')
        WHEN site_phone IS NOT NULL THEN (SELECT points FROM weight WHERE name = 'switchboard')
        WHEN email IS NOT NULL THEN (SELECT points FROM weight WHERE name = 'email_only')
        ELSE (SELECT points FROM weight WHERE name = 'unreachable') END,
        'detail': CASE WHEN direct_phone IS NOT NULL THEN 'direct phone' WHEN site_phone IS NOT NULL THEN 'switchboard'
            WHEN email IS NOT NULL THEN 'e-mail' ELSE 'no number yet' END},
    {'name': 'named again', 'points': CASE WHEN pages > 1 THEN least((pages - 1) * (SELECT points FROM weight WHERE name = 'named_again'),
        (SELECT points FROM weight WHERE name = 'named_again_max')) END::INTEGER, 'detail': pages || ' pages lately'},
    {'name': 'source', 'points': y.points, 'detail': y.won || ' of ' || y.tried || ' called from ' || s.source || ' came to an appointment'},
    {'name': 'reopened', 'points': CASE WHEN reopened_by IS NOT NULL AND state IN ('new', 'listed')
        THEN (SELECT points FROM weight WHERE name = 'reopened') END, 'detail': reopened_by}
    ], lambda part: coalesce(part.points, 0) <> 0) AS hand_set
FROM stated s LEFT JOIN weight_level lv USING (role_level) LEFT JOIN place_km pk ON pk.place = s.place
LEFT JOIN source_yield y ON y.source = s.source;

-- learned weights (pipeline/scoring/learning.py), when there are accepted ones: a factor per part, or part and category
CREATE OR REPLACE TEMP VIEW weighted AS
SELECT * EXCLUDE (hand_set), list_filter(list_transform(list_transform(hand_set, lambda part: struct_insert(part, factor :=
           element_at(getvariable('learned'), CASE WHEN part.name IN ('reason', 'role', 'reachable')
               THEN part.name || ':' || split_part(part.detail, ',', 1) ELSE part.name END)[1])),
       lambda part: {'name': part.name, 'points': round(part.points * coalesce(part.factor, 1))::INTEGER,
           'detail': part.detail || CASE WHEN part.factor <> 1 THEN format(', learned x{:.2f}', part.factor) ELSE '' END}),
       lambda part: part.points <> 0) AS parts
FROM parted;

DELETE FROM prospects WHERE NOT getvariable('scoped') OR prospect_id IN (SELECT person_id FROM in_scope);
INSERT INTO prospects BY NAME
SELECT person_id AS prospect_id, state,
       CASE state WHEN 'exhausted' THEN coalesce(cause, 'given up before; the new reason has passed') WHEN 'unfit' THEN unfit
            WHEN 'suppressed' THEN coalesce(suppressed, 'do not call')
            WHEN 'customer' THEN 'customer in the imported contacts or by a sale'
            WHEN 'working' THEN CASE WHEN attempts > 0 THEN attempts || ' attempts so far' ELSE 'known contact, imported' END
            WHEN 'new' THEN 'reopened: ' || reopened_by WHEN 'listed' THEN 'reopened: ' || reopened_by END AS state_reason,
       coalesce(list_sum(list_transform(parts, lambda part: part.points)), 0)::INTEGER AS score, to_json(parts) AS score_parts,
       mention_id, trigger, reason_day, attempts, last_called, last_outcome, next_call, known_contact,
       reopened_by IS NOT NULL AND state IN ('new', 'listed') AS reopened, getvariable('now')::TIMESTAMPTZ AS scored_at,
       exhausted_on, CASE WHEN state = 'working' THEN coalesce(due_at, CASE WHEN attempts = 0 THEN imported_at END) END AS due_at,
       reopened_by, referred_by
FROM weighted;
