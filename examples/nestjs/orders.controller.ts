import { Body, Controller, Get, NotFoundException, Param, Post, Put } from "@nestjs/common";
import { completeStep, createInstance, type Instance, type InstanceStorage } from "hephaestus-prisma";
import { InjectStorage } from "./workflow-storage.module.js";

const PREFIX = "nest-order::";

/** Orders as workflow instances. */
@Controller("orders/:id")
export class OrdersController {
  readonly #storage: InstanceStorage;

  constructor(@InjectStorage() storage: InstanceStorage) {
    this.#storage = storage;
  }

  /** Returns the progress of an order. */
  @Get()
  async get(@Param("id") id: string): Promise<object> {
    const order = await this.#storage.get(PREFIX + id);
    if (order === null) throw new NotFoundException();
    return shown(order);
  }

  /** Starts an order with the request's JSON. The second of two requests for one id gets a 409. */
  @Put()
  async start(@Param("id") id: string, @Body() body: object): Promise<object> {
    const order = createInstance({ id: PREFIX + id, workflow: "NestOrder.V1", initial: { body } });
    await this.#storage.insert(order);
    return shown(order);
  }

  /** Marks an order as paid. Concurrent and repeated requests are safe. */
  @Post("payment")
  async pay(@Param("id") id: string): Promise<object> {
    const paid = await this.#storage.update(PREFIX + id, (order) =>
      order.completedSteps.has("pay") ? order : completeStep(order, "pay", { event: "paid", next: "ship" }),
    );
    return shown(paid);
  }
}

/** The public part of an order. No `Set`: JSON would turn it into `{}`. */
function shown({ id, status, currentStep, completedSteps }: Instance): object {
  return { id: id.slice(PREFIX.length), status, currentStep, completedSteps: [...completedSteps] };
}
