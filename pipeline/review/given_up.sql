/* Question 4b: how many attempts before giving up? People whose last dial lies in the period, without an appointment or
   a sale, and who are out: by a final outcome, exhausted by the rule of the settings, or dropped (nobody called them
   again for :idle_days days and no later call is agreed). */
WITH log AS (
    SELECT person_id, count(*) AS attempts, max(local_day) AS last_day, arg_max(outcome, called_at) AS last_outcome,
           max(next_at) AS next_at, bool_or(outcome IN ('appointment', 'sale')) AS success, bool_or(conversation) AS reached
    FROM calls WHERE local_day <= :last_day GROUP BY person_id),
out AS (
    SELECT l.*, CASE WHEN l.last_outcome IN :final_outcomes THEN 'final' WHEN c.state = 'exhausted' THEN 'exhausted'
                     WHEN l.last_day < :last_day - :idle_days AND coalesce(l.next_at < :ends, true) THEN 'dropped' END AS how
    FROM log l LEFT JOIN contacts c ON c.prospect_id = l.person_id
    WHERE NOT l.success AND l.last_day >= :first_day AND coalesce(c.state, '') NOT IN ('customer', 'appointment'))
SELECT attempts, count(*) AS people, count(*) FILTER (how = 'exhausted') AS exhausted, count(*) FILTER (how = 'final') AS final,
       count(*) FILTER (how = 'dropped') AS dropped, count(*) FILTER (NOT reached) AS never_reached
FROM out WHERE how IS NOT NULL GROUP BY attempts ORDER BY attempts
