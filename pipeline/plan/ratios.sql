/* The own ratios: what the log of :first_day to :last_day says. A sale without an earlier appointment of its own counts
   as closed on the phone: it passes the step "appointment" as well, so the steps multiply to sales per dial. */
WITH log AS (
    SELECT person_id, called_at, call_id, conversation, outcome, minutes FROM :log
    WHERE local_day BETWEEN :first_day AND :last_day),
running AS (
    SELECT person_id, count(*) FILTER (outcome = 'sale') OVER one - count(*) FILTER (outcome = 'appointment') OVER one AS surplus
    FROM log WHERE outcome IN ('appointment', 'sale') WINDOW one AS (PARTITION BY person_id ORDER BY called_at, call_id)),
direct AS (SELECT coalesce(sum(surplus), 0) AS sales FROM (SELECT greatest(0, max(surplus)) AS surplus FROM running GROUP BY person_id))
SELECT count(*) AS dials, count(*) FILTER (conversation) AS conversations, count(*) FILTER (outcome = 'appointment') AS appointments,
       count(*) FILTER (outcome = 'sale') AS sales, (SELECT sales FROM direct)::BIGINT AS closed_on_the_phone,
       count(minutes) AS timed_dials, coalesce(sum(minutes), 0)::DECIMAL(18, 2) AS minutes, count(DISTINCT person_id) AS people
FROM log
