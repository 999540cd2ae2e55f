-- What hephaestus-prisma adds to HephaestusEcto's table. The Elixir side reads and writes it unchanged.

-- Milliseconds, and UTC whatever the session's time zone. More precision needs no table rewrite.
ALTER TABLE "workflow_instances"
    ALTER COLUMN "inserted_at" TYPE TIMESTAMP(3),
    ALTER COLUMN "inserted_at" SET DEFAULT timezone('UTC'::text, now()),
    ALTER COLUMN "updated_at" TYPE TIMESTAMP(3),
    ALTER COLUMN "updated_at" SET DEFAULT timezone('UTC'::text, now());

-- Every writer is held to them, a hand in Prisma Studio included.
ALTER TABLE "workflow_instances"
    ADD CONSTRAINT "workflow_instances_status_check" CHECK ("status" IN ('pending', 'running', 'waiting', 'completed', 'failed')),
    ADD CONSTRAINT "workflow_instances_workflow_version_check" CHECK ("workflow_version" > 0);

-- Pages of one status, in the order of their ids.
CREATE INDEX "workflow_instances_status_id_index" ON "workflow_instances" ("status", "id");

-- LIKE 'prefix%' for families, whatever the database's collation; equality and then ids for pages of one workflow.
CREATE INDEX "workflow_instances_workflow_pattern_index" ON "workflow_instances" ("workflow" varchar_pattern_ops, "id");
