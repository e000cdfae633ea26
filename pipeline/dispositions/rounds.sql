-- One pass over the rounds that are open: when was each person given up in it, and which dated reason opened the next?
-- A round is the time from a reopening (or the first dial) to the next reopening. Reads the tables of dials.sql and
-- the variables max_attempts, min_day_parts, cool_off_days, today; appends to round_end and refills open_round.

CREATE OR REPLACE TEMP TABLE round_dial AS
SELECT o.round, d.*, d.conversation AND NOT d.final AS spoken
FROM open_round o JOIN dials d ON d.person_id = o.person_id AND (o.started IS NULL OR d.local_day >= o.started);

-- attempts count from the last conversation: what it settled is over. A dial whose hour nobody noted may have been in
-- another part of the day each time.
CREATE OR REPLACE TEMP TABLE round_streak AS
SELECT *, sum(weight) OVER so_far AS tried, bit_count(bit_or(part_bit) OVER so_far) + coalesce(sum(weight) FILTER (part_bit = 0) OVER so_far, 0) AS parts
FROM (SELECT *, sum(spoken::INTEGER) OVER (PARTITION BY person_id ORDER BY called_at DESC) AS later_talks FROM round_dial)
WHERE later_talks = 0
WINDOW so_far AS (PARTITION BY person_id ORDER BY called_at ROWS UNBOUNDED PRECEDING);

INSERT INTO round_end
SELECT o.person_id, o.round, o.started, o.reopened_by, min(s.local_day),
       CASE WHEN arg_min(s.final, s.called_at) THEN 'final outcome: ' || arg_min(s.outcome, s.called_at)
            WHEN arg_min(s.imported, s.called_at) THEN arg_min(s.tried, s.called_at) || ' attempts in the imported contacts'
            WHEN min(s.called_at) IS NOT NULL THEN arg_min(s.tried, s.called_at) || ' attempts without contact' END
FROM open_round o
LEFT JOIN round_streak s ON s.person_id = o.person_id
    AND (s.final OR (s.tried >= getvariable('max_attempts')::INTEGER
                     AND s.parts >= getvariable('min_day_parts')::INTEGER))
GROUP BY o.person_id, o.round, o.started, o.reopened_by;

-- the first new dated reason after the cool-off; a dial in between begins the cool-off anew
CREATE OR REPLACE TEMP TABLE open_round AS
SELECT e.person_id, e.round + 1 AS round, min(r.reason_day) AS started,
       arg_min(r.trigger || ' of ' || r.reason_day, r.reason_day) AS reopened_by
FROM round_end e JOIN (SELECT max(round) AS round FROM round_end) newest USING (round)
JOIN dated_reason r ON r.person_id = e.person_id AND r.reason_day <= getvariable('today')::DATE
    AND r.reason_day > e.exhausted_on + getvariable('cool_off_days')::INTEGER
WHERE NOT EXISTS (SELECT 1 FROM round_dial d WHERE d.person_id = e.person_id AND d.local_day < r.reason_day
                  AND r.reason_day <= d.local_day + getvariable('cool_off_days')::INTEGER)
GROUP BY e.person_id, e.round;
