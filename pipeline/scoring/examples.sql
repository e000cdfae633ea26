-- One example a person and fresh list: how the score explained itself when the person was handed out, and what came of the
-- calls until the next list. Decided is who was spoken to, or who is not worked on any more; the others are left out.
WITH listed AS (
    SELECT coalesce(a.person_id, r.prospect_id) AS person_id, e.exported_at, r.row ->> 'why' AS why
    FROM export_rows r JOIN exports e USING (export_id) LEFT JOIN person_aliases a ON a.old_id = r.prospect_id
    WHERE r.returned_at IS NULL AND (e.list = 'fresh' OR (e.list = 'today' AND coalesce(try_cast(r.row ->> 'attempts' AS INTEGER), 0) = 0))),
handed AS (
    SELECT *, lead(exported_at) OVER (PARTITION BY person_id ORDER BY exported_at) AS next_list FROM listed
    WHERE person_id IN (SELECT person_id FROM call_log)),
called AS (
    SELECT h.person_id, h.exported_at, h.why, max(c.called_at) AS decided_at, bool_or(c.outcome IN ('appointment', 'sale')) AS won,
           bool_or(c.conversation) OR h.next_list IS NOT NULL AS decided
    FROM handed h JOIN call_log c ON c.person_id = h.person_id AND c.called_at >= h.exported_at
         AND (h.next_list IS NULL OR c.called_at < h.next_list)
    GROUP BY h.person_id, h.exported_at, h.why, h.next_list)
SELECT c.person_id, c.why, c.won, c.decided_at FROM called c LEFT JOIN prospects p ON p.prospect_id = c.person_id
WHERE c.decided OR p.state IN ('exhausted', 'suppressed', 'customer', 'appointment')
ORDER BY c.decided_at DESC, c.person_id LIMIT 5000
