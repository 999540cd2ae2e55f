import { type DynamicModule, Module } from "@nestjs/common";
import { OrdersController } from "./orders.controller.js";
import { WorkflowStorageModule } from "./workflow-storage.module.js";

/** The application: orders on a storage. */
@Module({})
export class AppModule {
  /** @param storage provides the storage. Default: a PostgreSQL at `DATABASE_URL`. */
  static with(storage: DynamicModule = WorkflowStorageModule.forRoot(process.env.DATABASE_URL ?? "")): DynamicModule {
    return { module: AppModule, imports: [storage], controllers: [OrdersController] };
  }
}
