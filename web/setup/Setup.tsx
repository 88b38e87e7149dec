import { Button } from "antd"
import { ArrowLeft, Check, Timer } from "lucide-react"
import { type ComponentType, lazy, Suspense, useEffect, useRef } from "react"
import { Link, Navigate, useNavigate, useParams } from "react-router"
import type { SetupView } from "../../src/api/contract/settings.ts"
import { patch } from "../client.ts"
import { ErrorState, ForbiddenState, Skeleton } from "../marks/Blank.tsx"
import { useAct, useSetup } from "../settings/queries.ts"
import { Trouble } from "../settings/Trouble.tsx"
import { Brand } from "../shell/Brand.tsx"
import { openKeys, useKeys } from "../shell/keys.ts"
import { LanguageSwitch, ThemeSwitch } from "../shell/Switches.tsx"
import { SignedIn, useWho } from "../shell/who.tsx"
import { useWords } from "../words/words.ts"
import { Help } from "./Help.tsx"
import "../settings/settings.css"
import "./setup.css"

/** What a step shows: the sections of the settings themselves, so that what is set here is found there. */
const bodies: Record<string, ComponentType> = {
  company: lazy(() => import("../settings/Company.tsx")),
  shops: lazy(() => import("../settings/Shops.tsx")),
  departments: lazy(() => import("../settings/Departments.tsx")),
  people: lazy(() => import("./PeopleStep.tsx")),
  warehouses: lazy(() => import("../settings/Warehouses.tsx")),
  types: lazy(() => import("../settings/Types.tsx")),
  import: lazy(() => import("./ConnectStep.tsx")),
}
type Step = SetupView["steps"][number]

/** The first-run path in a frame of its own: one question a step; it can be left at any time and taken up again. */
export default function Setup() {
  return (
    <SignedIn>
      <Walk />
    </SignedIn>
  )
}

function Walk() {
  const { step } = useParams()
  const { may } = useWho()
  const { t } = useWords()
  const navigate = useNavigate()
  const setup = useSetup()
  useEffect(() => openKeys(), [])
  if (!may("act", "settings"))
    return <ForbiddenState act={{ label: t("setup.leave"), onPress: () => void navigate("/board") }} />
  if (setup.error) return <ErrorState error={setup.error} onRetry={() => void setup.refetch()} />
  if (!setup.data) return <Skeleton />
  const { steps } = setup.data
  const current = steps.find(({ id }) => id === step)
  if (!current) {
    const next = steps.find(({ state }) => state === "open") ?? steps[0]!
    return <Navigate to={`/setup/${next.id}`} replace />
  }
  return <Frame key={current.id} setup={setup.data} current={current} />
}

function Frame({ setup: { steps }, current }: { setup: SetupView; current: Step }) {
  const { t } = useWords()
  const { me } = useWho()
  const navigate = useNavigate()
  const at = steps.indexOf(current)
  const previous = steps[at - 1]
  const next = steps[at + 1]
  const advance = useAct((change: { steps?: Record<string, "done" | "skipped">; finished?: boolean }) =>
    patch<SetupView>("/api/v1/setup", change),
  )
  const leftSeconds = steps
    .slice(at)
    .reduce((sum, { seconds, state }) => sum + (state === "open" ? seconds : 0), 0)
  const go = () =>
    advance.mutate(
      next ? { steps: { [current.id]: "done" } } : { steps: { [current.id]: "done" }, finished: true },
      {
        onSuccess: () => void navigate(next ? `/setup/${next.id}` : "/board"),
      },
    )
  const skip = () => {
    const rest = steps.slice(at).filter(({ id, state }) => state === "open" && id !== "import")
    advance.mutate(
      { steps: Object.fromEntries(rest.map(({ id }) => [id, "skipped" as const])) },
      { onSuccess: () => void navigate("/setup/import") },
    )
  }
  useKeys("setup.title", { Enter: { does: "setup.next", act: go } })
  const here = useRef<HTMLAnchorElement>(null)
  useEffect(() => {
    // A new browser answers with a promise, which is no clean-up.
    void here.current?.scrollIntoView({ block: "nearest", inline: "center" })
  }, [])
  useEffect(() => {
    document.title = `${t(`setup.ask.${current.id}`)} · ${t("shell.product")}`
  }, [current.id, t])
  const Body = bodies[current.id] ?? (() => null)
  return (
    <div className="setup">
      <header className="row">
        <Brand size={22} />
        <b>{t("shell.product")}</b>
        <span className="t3 nw">{t("setup.title")}</span>
        <span className="grow" />
        <span className="row t2 nw left-over">
          <Timer size={14} />
          {t("setup.left", { n: Math.max(1, Math.round(leftSeconds / 60)) })}
        </span>
        <Link to="/board" className="nw">
          {t("setup.leave")}
        </Link>
        <LanguageSwitch />
        <ThemeSwitch />
        <span className="avatar" title={me.person.name}>
          {me.person.name.slice(0, 1)}
        </span>
      </header>
      <nav aria-label={t("setup.title")}>
        {steps.map((each) => (
          <Link
            key={each.id}
            ref={each === current ? here : undefined}
            to={`/setup/${each.id}`}
            className={`step ${each === current ? "current" : each.state}`}
            aria-current={each === current ? "step" : undefined}
          >
            <span className="dot">{each !== current && each.state === "done" && <Check size={11} />}</span>
            <span className="name">{t(`setup.step.${each.id}`)}</span>
            <span className="xs t3">{each.state === "open" ? minutes(each.seconds) : ""}</span>
            <span className="s t3 says el">{saysOf(each, t)}</span>
          </Link>
        ))}
        <p className="s t3">{t("setup.anytime")}</p>
      </nav>
      <main>
        <h1>{t(`setup.ask.${current.id}`)}</h1>
        <p className="t2 lead">{t(`setup.lead.${current.id}`)}</p>
        <Suspense fallback={<Skeleton rows={4} />}>
          <Body />
        </Suspense>
        <Trouble error={advance.error} />
      </main>
      <aside>
        <Help />
      </aside>
      <footer className="row">
        {previous && (
          <Button
            type="text"
            icon={<ArrowLeft size={15} />}
            onClick={() => void navigate(`/setup/${previous.id}`)}
          >
            {t(`setup.step.${previous.id}`)}
          </Button>
        )}
        <span className="grow" />
        <span className="s t3 nw saved">{t("setup.saved")}</span>
        {next && next.id !== "import" && (
          <Button onClick={skip} disabled={advance.isPending}>
            {t("setup.skip")}
          </Button>
        )}
        <Button type="primary" loading={advance.isPending} onClick={go} className="go">
          {next ? t("setup.to", { step: t(`setup.step.${next.id}`) }) : t("setup.finish")}
          <kbd>enter</kbd>
        </Button>
      </footer>
    </div>
  )
}

const minutes = (seconds: number): string =>
  seconds < 60 ? `${seconds} s` : `${Math.round(seconds / 60)} min`

/** What a step holds by now, or what is proposed while it holds nothing. */
function saysOf(
  { id, state, says }: Step,
  t: (key: string, values?: Record<string, unknown>) => string,
): string {
  if (state === "skipped") return t("setup.skipped")
  if (id === "company") return String(says.name ?? "")
  if (id === "import") return Number(says.n) + Number(says.keys) > 0 ? t("setup.says.import", says) : ""
  return t(`setup.says.${id}`, says)
}
