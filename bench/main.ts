import { measureJudge } from "./judge.ts"

type Measured = { us: number; peers: Record<string, number>; ratios: Record<string, number> }

/** What is measured, each beside what it is held against in the same run. */
const benches: Record<string, () => Promise<Measured>> = {
  judge: async () => {
    const rates = await measureJudge()
    const [first, ...rest] = rates
    return {
      us: first!.perSecond,
      peers: Object.fromEntries(rest.map((each) => [each.what, each.perSecond])),
      ratios: Object.fromEntries(rates.map((each) => [each.what, each.ofBaseline])),
    }
  },
  fire: async () => (await import("./fire.ts")).measureFire(),
  ingest: async () => (await import("./ingest.ts")).measureIngest(),
}

const wanted = process.argv.slice(2).filter((each) => !each.startsWith("--"))
for (const each of wanted)
  if (!(each in benches)) {
    process.stderr.write(`there is no bench ${each}; there are ${Object.keys(benches).join(", ")}\n`)
    process.exit(2)
  }
for (const name of wanted.length > 0 ? wanted : Object.keys(benches)) {
  const measured = await benches[name]!()
  if (process.argv.includes("--json")) process.stdout.write(`${JSON.stringify(measured)}\n`)
  else {
    process.stdout.write(`${name}: ${measured.us.toLocaleString("en")} a second\n`)
    for (const [peer, rate] of Object.entries(measured.peers))
      process.stdout.write(`  ${peer}: ${rate.toLocaleString("en")} a second\n`)
    for (const [peer, ratio] of Object.entries(measured.ratios))
      process.stdout.write(`  ${ratio.toFixed(2)}× ${peer}\n`)
  }
}
process.exit(0)
