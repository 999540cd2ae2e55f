import { type DynamicModule, Inject, Injectable, Module, type OnApplicationShutdown } from "@nestjs/common";
import { PrismaPg } from "@prisma/adapter-pg";
import { createPrismaStorage } from "hephaestus-prisma";
import pg from "pg";
import { PrismaClient } from "../../generated/prisma/client.js";

/** The token of the storage: `@Inject(WORKFLOW_STORAGE) storage: PrismaStorage`. A test provides a storage in memory under it. */
export const WORKFLOW_STORAGE: unique symbol = Symbol("WORKFLOW_STORAGE");

/** The application's Prisma Client, on a pool of its own. Both are closed when the application shuts down. */
@Injectable()
class PrismaService extends PrismaClient implements OnApplicationShutdown {
  readonly #pool: pg.Pool;

  constructor(connectionString: string) {
    const pool = new pg.Pool({ connectionString });
    // A connection that is cut between two statements says so here. Without a listener, that would end the process.
    pool.on("error", () => {}).on("connect", (client) => client.on("error", () => {}));
    super({ adapter: new PrismaPg(pool) });
    this.#pool = pool;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.$disconnect();
    await this.#pool.end();
  }
}

/** Provides the storage, and the Prisma Client that it is on, to the whole application. */
@Module({})
export class WorkflowStorageModule {
  static forRoot(connectionString: string): DynamicModule {
    return {
      module: WorkflowStorageModule,
      global: true,
      providers: [
        { provide: PrismaService, useFactory: () => new PrismaService(connectionString) },
        { provide: WORKFLOW_STORAGE, useFactory: (prisma: PrismaService) => createPrismaStorage(prisma), inject: [PrismaService] },
      ],
      exports: [PrismaService, WORKFLOW_STORAGE],
    };
  }
}

/** Injects the storage. */
export function InjectStorage(): ParameterDecorator & PropertyDecorator {
  return Inject(WORKFLOW_STORAGE);
}
