/* Question 4a: after which attempt does success stop? Attempts are counted over the whole log of a person; a success is
   the first appointment or sale with that person. */
WITH numbered AS (
    SELECT person_id, local_day, conversation, outcome, row_number() OVER one AS attempt,
           outcome IN ('appointment', 'sale') AND count(*) FILTER (outcome IN ('appointment', 'sale')) OVER one = 1 AS success
    FROM calls WHERE local_day <= :last_day WINDOW one AS (PARTITION BY person_id ORDER BY called_at, call_id)),
counted AS (
    SELECT attempt, count(*) AS dials, count(*) FILTER (conversation) AS conversations,
           count(*) FILTER (outcome = 'appointment') AS appointments, count(*) FILTER (outcome = 'sale') AS sales,
           count(*) FILTER (success) AS successes
    FROM numbered WHERE local_day >= :first_day GROUP BY attempt)
SELECT *, CASE WHEN sum(successes) OVER () > 0 THEN (100 * sum(successes) OVER (ORDER BY attempt) / sum(successes) OVER ())::DECIMAL(5, 1)
          END AS successes_so_far_percent
FROM counted ORDER BY attempt
