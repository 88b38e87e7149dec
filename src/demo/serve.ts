import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Logger } from "pino"
import type { Config, World } from "../api/world.ts"
import { tick } from "../engine/tick.ts"
import { type Running, serve } from "../main.ts"
import { everyRun } from "../store/keys.ts"
import { minute } from "./calendar.ts"
import { cooperate } from "./cooperation.ts"
import { found } from "./found.ts"
import { handOver } from "./handover.ts"
import { passTime } from "./history.ts"
import { people, samplePassword } from "./people.ts"
import { planOf } from "./plan.ts"
import { goOn, type Living } from "./stream.ts"

/** Where the sample company lives: a folder of its own inside the data directory, with a database of its own. */
export const sampleFolder = (data: string): string => join(data, "demo")

/** Nothing of it need outlive a crash, so nothing waits for the disk. */
const settings = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum_naptime=5s"]
const seed = "qingheli"

/** Says that a folder is a sample company's: nothing else is ever removed. */
const mark = "sample-company"

/** Removes what is left of a sample company, unless one runs there; answers whether there was something to remove. */
export function removeSample(data: string): boolean {
  const folder = sampleFolder(data)
  if (!existsSync(join(folder, mark))) return false
  const file = join(folder, "zhunshi.pid")
  if (existsSync(file) && isAlive(Number(readFileSync(file, "utf8")))) return false
  rmSync(folder, { recursive: true, force: true })
  return true
}

/** Makes the folder of a sample company, where nothing lies yet. */
function layOut(folder: string): void {
  if (existsSync(join(folder, mark))) throw new Error(`a sample company runs in ${folder} already`)
  if (existsSync(folder))
    throw new Error(`${folder} is there and is no sample company; move it, or set ZHUNSHI_DATA`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(join(folder, mark), "removed when it is left\n")
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"
  }
}

/** A running sample company; `left` is fulfilled when its owner leaves it on the page. */
export type RunningSample = Running & { left: Promise<void> }

/** How a sample company is filled: whole, or smaller for tests; the environment names no database but the tests'. */
export type SampleOptions = {
  progress?: (share: number) => void
  days?: number
  size?: number
  environment?: NodeJS.ProcessEnv
  streaming?: boolean
}

/** Fills a sample company and serves it, with a stream that runs; stopping it removes it. */
export async function serveSample(
  { data, ...config }: Config,
  log: Logger,
  { progress, days, size, environment = {}, streaming = true }: SampleOptions = {},
): Promise<RunningSample> {
  removeSample(data)
  layOut(sampleFolder(data))
  let leave: () => void = () => {}
  const left = new Promise<void>((resolve) => {
    leave = resolve
  })
  let living: Living | null = null
  const prepare = async (world: World) => {
    const now = Math.floor((await world.now()) / minute) * minute
    const plan = planOf({ seed, now, ...(days ? { days } : {}), ...(size ? { size } : {}) })
    const ids = await found(world, plan.from, now)
    const told = await passTime(world, plan, world.now, { people: ids, ...(progress ? { progress } : {}) })
    await cooperate(world, told, ids)
    await handOver(world, ids, told)
    // What the past still owes takes effect before the engine begins to count how late it is.
    while ((await tick(world, everyRun)).claimed > 0);
    world.sample = {
      people: people.map(({ name, email, department, roles, as }) => ({
        name,
        email,
        department,
        roles: roles.map(([role]) => role),
        as: as ?? null,
      })),
      password: samplePassword,
      stream: () => living!.stream(),
      steer: (wish) => living!.steer(wish),
      // The answer leaves first.
      leave: () => void setTimeout(leave, 300),
    }
    living = goOn(world, plan, log, told)
    living.steer({ running: streaming })
  }
  const sampleConfig: Config = { ...config, data: sampleFolder(data), sample: true }
  const running = await serve(sampleConfig, log, { settings, environment, prepare }).catch((error) => {
    removeSample(data)
    throw error
  })
  return {
    ...running,
    left,
    async stop() {
      await living?.stop()
      await running.stop()
      removeSample(data)
    },
  }
}
