import { Inject, Injectable } from "@nestjs/common";
import { createInstance, InstanceExistsError, type InstanceStorage } from "hephaestus-prisma";

@Injectable()
export class AppService {
  constructor(@Inject("STORAGE") private readonly storage: InstanceStorage) {}

  async start(id: string): Promise<string> {
    try {
      await this.storage.insert(createInstance({ id, workflow: "Order.V1", initial: { at: new Date() } }));
      return `started ${id}`;
    } catch (error) {
      if (error instanceof InstanceExistsError) return `${error.id} was started before`;
      throw error;
    }
  }
}
