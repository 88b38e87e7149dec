import type { Actor } from "../../core/cases.ts"
import type { EngineWorld } from "../world.ts"
import { performActs } from "./perform.ts"

/** The engine itself, where it does what the policy lets it do. */
export const engineActor: Actor = {
  id: null,
  name: "engine",
  roles: [{ role: "operations", department: null }],
  departments: [],
  isEngine: true,
}

/** Assigns cases whose cause was sure enough to be applied by itself (3.2b): to its department, and the person on duty with the least open work. */
export async function assignApplied(world: EngineWorld, numbers: readonly string[]): Promise<number> {
  if (numbers.length === 0) return 0
  const { done } = await performActs(
    world,
    numbers.map((number) => ({ number, input: { act: "assign" } })),
    { actor: engineActor },
  )
  return done.filter(({ ok }) => ok).length
}
