-- Everything a call list row needs, per prospect. ? stays out: callers add WHERE, ORDER BY and LIMIT.
SELECT pr.prospect_id, pr.state, pr.state_reason, pr.score, pr.score_parts, pr.trigger, pr.reason_day, pr.attempts,
       pr.last_called, pr.next_call, pr.reopened, p.name, coalesce(p.title, m.title) AS title, p.given, p.surname, p.gender,
       coalesce(m.role, p.role) AS role, coalesce(m.company, p.company) AS company, p.company_id, coalesce(p.place, m.place) AS place,
       m.evidence, m.page_url, m.language, m.published, m.source, m.event_id, e.title AS event, e.start_day AS event_day,
       e.start_at AS event_start, c.direct AS direct_phone, c.contact_email, s.phone AS site_phone, s.email AS site_email,
       s.street, s.postcode, s.town, s.website, p.first_seen, p.previous_company
FROM prospects pr
JOIN people p ON p.person_id = pr.prospect_id
LEFT JOIN mentions m ON m.mention_id = pr.mention_id
LEFT JOIN events e ON e.event_id = m.event_id AND NOT e.cancelled
LEFT JOIN (SELECT pc.person_id, min(coalesce(k.mobile, k.phone)) AS direct, min(k.email) AS contact_email
           FROM person_contacts pc JOIN contacts k USING (contact_id) GROUP BY pc.person_id) c ON c.person_id = p.person_id
LEFT JOIN (SELECT l.company_id, any_value(f.phones[1]) AS phone, any_value(f.emails[1]) AS email, any_value(f.street) AS street,
                  any_value(f.postcode) AS postcode, any_value(f.town) AS town, any_value(l.website) AS website
           FROM company_lookups l JOIN company_profiles f USING (website) WHERE l.proven GROUP BY l.company_id) s
    ON s.company_id = p.company_id
