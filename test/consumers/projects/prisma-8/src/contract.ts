import { defineContract } from "@prisma/orm-postgres/contract-builder";

export const contract = defineContract({}, ({ field, model }) => ({
  models: {
    Order: model("Order", { fields: { id: field.text().id(), total: field.int() } }).sql({ table: "orders" }),
    WorkflowInstance: model("WorkflowInstance", {
      fields: { id: field.text().id(), workflow: field.text(), status: field.text(), state: field.json() },
    }).sql({ table: "workflow_instances" }),
  },
}));
