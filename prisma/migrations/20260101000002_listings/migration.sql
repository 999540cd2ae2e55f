-- Pages in the order of the times, the id deciding between equal ones. HephaestusEcto reads and writes the table as before.
CREATE INDEX "workflow_instances_updated_at_id_index" ON "workflow_instances" ("updated_at", "id");
CREATE INDEX "workflow_instances_inserted_at_id_index" ON "workflow_instances" ("inserted_at", "id");

-- The same for one status, which is also where retention looks: the oldest of what has ended.
CREATE INDEX "workflow_instances_status_updated_at_id_index" ON "workflow_instances" ("status", "updated_at", "id");
