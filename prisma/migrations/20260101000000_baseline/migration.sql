-- The table exactly as HephaestusEcto's migrations V01..V03 leave it, index names included.
-- A database that HephaestusEcto has migrated has it already; there, mark this one as applied:
--   npx prisma migrate resolve --applied 20260101000000_baseline
CREATE TABLE "workflow_instances" (
    "id" VARCHAR(255) NOT NULL,
    "workflow" VARCHAR(255) NOT NULL,
    "status" VARCHAR(255) NOT NULL DEFAULT 'pending',
    "state" JSONB NOT NULL DEFAULT '{}',
    "inserted_at" TIMESTAMP(0) NOT NULL,
    "updated_at" TIMESTAMP(0) NOT NULL,
    "workflow_version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "workflow_instances_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "workflow_instances_status_index" ON "workflow_instances" ("status");
CREATE INDEX "workflow_instances_workflow_index" ON "workflow_instances" ("workflow");
CREATE INDEX "workflow_instances_workflow_workflow_version_index" ON "workflow_instances" ("workflow", "workflow_version");
CREATE INDEX "idx_workflow_instances_state" ON "workflow_instances" USING GIN ("state" jsonb_path_ops);

-- HephaestusEcto's migrator reads its version from the comment: 3 means that it has nothing to do.
COMMENT ON TABLE "workflow_instances" IS '3';
