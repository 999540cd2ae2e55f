import "reflect-metadata";
import { Injectable, Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { ClsPluginTransactional, InjectTransaction, type Transaction, Transactional } from "@nestjs-cls/transactional";
import { TransactionalAdapterPrisma } from "@nestjs-cls/transactional-adapter-prisma";
import { PrismaPg } from "@prisma/adapter-pg";
import { createInstance, createPrismaStorage, type PrismaStorage } from "hephaestus-prisma";
import { ClsModule } from "nestjs-cls";
import { PrismaClient } from "./database/client/client.js";

const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: process.env.DATABASE_URL ?? "" }) });

@Module({ providers: [{ provide: PrismaClient, useValue: prisma }], exports: [PrismaClient] })
class PrismaModule {}

@Injectable()
class Orders {
  readonly storage: PrismaStorage;

  // The proxy stands for the client, and within @Transactional() for its transaction.
  constructor(@InjectTransaction() private readonly client: Transaction<TransactionalAdapterPrisma<PrismaClient>>) {
    this.storage = createPrismaStorage(client);
  }

  @Transactional()
  async place(id: string, fails: boolean): Promise<void> {
    await this.client.order.create({ data: { id, total: 1999 } });
    await this.storage.insert(createInstance({ id: `insert::${id}`, workflow: "Order.V1" }));
    await this.storage.put(createInstance({ id: `put::${id}`, workflow: "Order.V1" }));
    await this.storage.putMany([1, 2].map((n) => createInstance({ id: `many::${id}::${n}`, workflow: "Order.V1" })));
    await this.storage.update(`put::${id}`, (order) => ({ ...order, status: "running" }));
    await this.storage.delete(`many::${id}::2`);
    if (fails) throw new Error("the card is rejected");
  }
}

@Module({
  imports: [
    PrismaModule,
    ClsModule.forRoot({
      plugins: [
        new ClsPluginTransactional({
          imports: [PrismaModule],
          adapter: new TransactionalAdapterPrisma({ prismaInjectionToken: PrismaClient }),
          enableTransactionProxy: true,
        }),
      ],
    }),
  ],
  providers: [Orders],
})
class AppModule {}

const app = await NestFactory.createApplicationContext(AppModule, { logger: ["error"] });
const orders = app.get(Orders);
await orders.storage.put(createInstance({ id: "outside", workflow: "Order.V1" }));
await Promise.allSettled([orders.place("4711", false), orders.place("4712", true)]);
const found = (await orders.storage.query()).map(({ id, status }) => `${id} ${status}`);
const rows = (await prisma.order.findMany()).map(({ id }) => id);
console.log(JSON.stringify({ rows, found }));
await app.close();
await prisma.$disconnect();
