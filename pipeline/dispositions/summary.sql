-- What the score and the lists need to know of everybody who was dialled or imported, one row a person: `dialled`.
-- Reads the tables of dials.sql after the last round, again_after(outcome, days) and the variable today.

CREATE OR REPLACE TEMP TABLE dialled AS
WITH newest AS (SELECT * FROM round_end QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY round DESC) = 1),
said AS (
    SELECT d.person_id, sum(d.weight) AS attempts, max(d.called_at) FILTER (NOT d.imported) AS last_dial,
           bool_or(d.outcome = 'sale') AS sold, bool_or(d.outcome = 'do_not_call') AS barred,
           bool_or(n.started IS NULL OR d.local_day >= n.started) AS tried_in_round
    FROM dials d JOIN newest n USING (person_id) GROUP BY d.person_id),
latest AS (
    SELECT person_id, next_at, outcome, called_at FROM dials
    QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY called_at DESC) = 1)
SELECT s.person_id, s.attempts, greatest(s.last_dial, k.last_call) AS last_called, l.outcome AS last_outcome, l.next_at AS next_call,
       coalesce(s.sold, false) AS sold, coalesce(s.barred, false) AS barred, s.tried_in_round,
       coalesce(l.next_at, date_trunc('day', l.called_at) + to_days(a.days)) AS due_at, n.exhausted_on, n.cause, n.reopened_by, n.started
FROM said s JOIN newest n USING (person_id) JOIN latest l USING (person_id) LEFT JOIN known k USING (person_id)
LEFT JOIN again_after a ON a.outcome = coalesce(l.outcome, 'no_answer');
