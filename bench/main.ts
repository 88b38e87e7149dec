import { measureJudge } from "./judge.ts"

/** What a bench tells: rates a second, or figures by name; each beside what it is held against in the same run. */
type Measured = {
  us: number | Record<string, number>
  peers: Record<string, number>
  ratios: Record<string, number>
}

/** The number behind an option such as `--clocks 100000`. */
function option(name: string): number | undefined {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? undefined : Number(process.argv[at + 1])
}

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
  stop: async () => (await import("./stop.ts")).measureStop(),
  ingest: async () => (await import("./ingest.ts")).measureIngest(),
  lag: async () => (await import("./lag.ts")).measureLag(option("clocks")),
  growth: async () => (await import("./growth.ts")).measureGrowth(option("orders")),
}

const wanted = process.argv.slice(2).filter((each) => /^[a-z]+$/.test(each))
for (const each of wanted)
  if (!(each in benches)) {
    process.stderr.write(`there is no bench ${each}; there are ${Object.keys(benches).join(", ")}\n`)
    process.exit(2)
  }
for (const name of wanted.length > 0 ? wanted : Object.keys(benches)) {
  const measured = await benches[name]!()
  if (process.argv.includes("--json")) process.stdout.write(`${JSON.stringify(measured)}\n`)
  else tell(name, measured)
}
process.exit(0)

function tell(name: string, { us, peers, ratios }: Measured): void {
  const lines =
    typeof us === "number"
      ? [`${name}: ${us.toLocaleString("en")} a second`]
      : [
          `${name}:`,
          ...Object.entries(us).map(([what, figure]) => `  ${what}: ${figure.toLocaleString("en")}`),
        ]
  for (const [peer, rate] of Object.entries(peers))
    lines.push(`  ${peer}: ${rate.toLocaleString("en")} a second`)
  for (const [peer, ratio] of Object.entries(ratios)) lines.push(`  ${ratio.toFixed(2)}× ${peer}`)
  process.stdout.write(`${lines.join("\n")}\n`)
}
