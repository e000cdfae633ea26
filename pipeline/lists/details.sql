-- Everything that the rows of a list need, for the people of the temporary table picked(prospect_id, rank).
WITH who AS MATERIALIZED (SELECT k.rank, pr.* FROM picked k JOIN prospects pr ON pr.prospect_id = k.prospect_id),
people_of AS MATERIALIZED (SELECT * FROM people WHERE person_id IN (SELECT prospect_id FROM who)),
mention_of AS MATERIALIZED (SELECT * FROM mentions WHERE mention_id IN (SELECT mention_id FROM who)),
contact_of AS (
    SELECT pc.person_id, min(coalesce(k.mobile, k.phone)) AS direct, min(k.email) AS contact_email, min(k.street) AS street,
           min(k.postcode) AS postcode, min(k.town) AS town
    FROM (SELECT * FROM person_contacts WHERE person_id IN (SELECT prospect_id FROM who)) pc JOIN contacts k USING (contact_id)
    GROUP BY pc.person_id),
site_of AS (
    SELECT l.company_id, any_value(f.phones[1]) AS phone, any_value(f.emails[1]) AS email, any_value(f.street) AS street,
           any_value(f.postcode) AS postcode, any_value(f.town) AS town, any_value(f.country) AS country,
           any_value(l.website) AS website
    FROM company_lookups l JOIN company_profiles f USING (website)
    WHERE l.proven AND l.company_id IN (SELECT company_id FROM people_of) GROUP BY l.company_id)
SELECT pr.rank, pr.prospect_id, pr.state, pr.state_reason, pr.score, pr.score_parts, pr.trigger, pr.reason_day, pr.attempts,
       pr.last_called, pr.last_outcome, pr.next_call, pr.reopened, pr.reopened_by, pr.known_contact, p.name, coalesce(p.title, m.title) AS title,
       p.given, p.surname, p.gender, coalesce(m.role, p.role) AS role, coalesce(m.company, p.company) AS company, p.company_id,
       coalesce(p.place, m.place) AS place, m.evidence, m.page_url, m.language, m.published, m.source, m.section, m.event_id,
       e.title AS event, e.start_day AS event_day, e.start_at AS event_start, c.direct AS direct_phone, c.contact_email,
       s.phone AS site_phone, s.email AS site_email, coalesce(s.street, c.street) AS street, coalesce(s.postcode, c.postcode) AS postcode,
       coalesce(s.town, c.town) AS town, s.country, s.website, p.first_seen, p.previous_company, rb.name AS referrer
FROM who pr
JOIN people_of p ON p.person_id = pr.prospect_id
LEFT JOIN mention_of m ON m.mention_id = pr.mention_id
LEFT JOIN events e ON e.event_id = m.event_id AND NOT e.cancelled
LEFT JOIN contact_of c ON c.person_id = p.person_id
LEFT JOIN site_of s ON s.company_id = p.company_id
LEFT JOIN (SELECT person_id, name FROM people WHERE person_id IN (SELECT referred_by FROM who)) rb ON rb.person_id = pr.referred_by
ORDER BY pr.rank
