-- Where each instance stands and why it is stuck, one readable row each: for people, in Prisma Studio and psql. Read-only.
-- docs/studio.md tells its columns. HephaestusEcto reads and writes the table as before.
--
-- A corrupt state is null in some columns, never an error: one bad row must not hide the others.
--
-- PostgreSQL refuses to change the type of a column that a view reads, and to drop the table under it. A migration that
-- does either, of Prisma's, of HephaestusEcto's or your own, begins with DROP VIEW "workflow_instance_overview" and ends with
-- what follows here.
CREATE VIEW "workflow_instance_overview" AS
SELECT
    i."id",
    CASE WHEN part."separator" > 0 THEN left(i."id", part."separator" - 1) END AS "business_key",
    CASE WHEN part."separator" > 0 THEN substr(i."id", part."separator" + 2) ELSE i."id" END AS "business_value",
    i."workflow",
    -- As the filter workflowFamily takes it: the name before its version, the dot included, or all of it.
    regexp_replace(i."workflow", '[.][Vv][0-9]+$', '.') AS "family",
    i."workflow_version" AS "version",
    i."status",
    plain."state" ->> 'current_step' AS "current_step",
    (
        SELECT string_agg(step."name", ', ' ORDER BY step."position")
        FROM jsonb_array_elements_text(CASE jsonb_typeof(part."active_steps") WHEN 'array' THEN part."active_steps" END)
            WITH ORDINALITY AS step("name", "position")
    ) AS "active_steps",
    CASE jsonb_typeof(part."completed_steps") WHEN 'array' THEN jsonb_array_length(part."completed_steps") END AS "completed_steps",
    part."last_entry" ->> 'step_ref' AS "last_step",
    part."last_entry" ->> 'event' AS "last_event",
    -- UTC, as the other times. What only looks like a time must not reach the cast: the year 0, the 30th of February.
    CASE
        WHEN part."last_time" ~ '^(?!0000)[0-9]{4}-(?!00)[0-9]{2}-(?!00)[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])$'
            AND jsonb_path_exists(to_jsonb(left(part."last_time", 19)), '$.datetime("yyyy-mm-dd\"T\"HH24:MI:SS")', silent => true)
        THEN timezone('UTC', part."last_time"::timestamptz)
    END AS "last_event_at",
    -- Of an error, its message. This package stores JavaScript's own errors with their properties under that key.
    CASE
        WHEN i."status" <> 'completed'
        THEN COALESCE(part."problem" ->> 'message', part."problem" #>> '{properties,message}', part."problem" #>> '{}')
    END AS "error",
    i."inserted_at",
    i."updated_at",
    -- An infinite time has no distance from now.
    CASE WHEN isfinite(i."inserted_at") THEN date_trunc('second', timezone('UTC', now()) - i."inserted_at") END AS "age",
    CASE WHEN isfinite(i."updated_at") THEN date_trunc('second', timezone('UTC', now()) - i."updated_at") END AS "idle"
FROM "workflow_instances" AS i
-- Decompressed once for a row, not at each look into it: a page of long histories is fifteen times as fast. OFFSET 0 keeps
-- the planner from merging it into the looks again.
CROSS JOIN LATERAL (SELECT i."state" #> '{}' AS "state" OFFSET 0) AS plain
CROSS JOIN LATERAL (
    SELECT
        position('::' IN i."id") AS "separator",
        plain."state" -> 'active_steps' AS "active_steps",
        plain."state" -> 'completed_steps' AS "completed_steps",
        plain."state" #> '{execution_history,-1}' AS "last_entry",
        plain."state" #>> '{execution_history,-1,timestamp}' AS "last_time",
        -- The last step's word comes first: what the metadata tells may be older.
        COALESCE(
            NULLIF(plain."state" #> '{execution_history,-1,context_updates,error}', 'null'),
            NULLIF(plain."state" #> '{execution_history,-1,context_updates,reason}', 'null'),
            NULLIF(plain."state" #> '{runtime_metadata,error}', 'null'),
            NULLIF(plain."state" #> '{runtime_metadata,reason}', 'null')
        ) AS "problem"
) AS part;

-- With the rights of who asks, where PostgreSQL can (15 and newer): otherwise a view reads with its owner's, past the
-- row-level security of the table. On 14, grant it to nobody who may not read every instance.
DO $$
BEGIN
    IF current_setting('server_version_num')::int >= 150000 THEN
        ALTER VIEW "workflow_instance_overview" SET (security_invoker = true);
    END IF;
END
$$;
