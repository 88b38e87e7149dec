import { Button, Dropdown } from "antd"
import { Boxes, ChevronRight, Ellipsis, Merge, Plus } from "lucide-react"
import { useEffect, useState } from "react"
import { Link, useNavigate, useParams, useSearchParams } from "react-router"
import type { CaseRow } from "../../../src/api/contract/cases.ts"
import type { IncidentView } from "../../../src/api/contract/incidents.ts"
import { ErrorState, Skeleton } from "../../marks/Blank.tsx"
import { useKeys } from "../../shell/keys.ts"
import { Thread } from "../../thread/Thread.tsx"
import { useWords } from "../../words/words.ts"
import { useCauseName } from "../queries.ts"
import { Acts } from "./Acts.tsx"
import { Believed } from "./Believed.tsx"
import { Deadlines } from "./Deadlines.tsx"
import { IncidentDialog } from "./IncidentDialog.tsx"
import { Orders } from "./Orders.tsx"
import { Owed } from "./Owed.tsx"
import { useIncident, useIncidentChanges } from "./queries.ts"
import { Steps } from "./Steps.tsx"
import { type Act, nextActOf } from "./turn.ts"
import { Written } from "./Written.tsx"
import "../cases.css"
import "../case/case.css"
import "./incident.css"

/** One incident: what is written once at the left, each order in the middle, what is owed and was done for all at the right. */
export default function IncidentPage() {
  const { number = "" } = useParams()
  const found = useIncident(number)
  useIncidentChanges()
  if (found.data) return <Inside key={number} each={found.data} />
  if (found.error) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />
  return <Skeleton rows={12} />
}

function Inside({ each }: { each: IncidentView }) {
  const go = useNavigate()
  const [doing, setDoing] = useState<Act | null>(null)
  const [asking, setAsking] = useState(false)
  const [search] = useSearchParams()
  const talks = search.has("talk")
  const [chosen, setChosen] = useState<ReadonlyMap<string, CaseRow>>(new Map())
  const next = nextActOf(each)
  // A report is written on its own page.
  const start = (act: Act) =>
    act === "report" || act === "return" ? void go(`/report/${each.number}`) : setDoing(act)
  const close = () => {
    setDoing(null)
    setChosen(new Map())
  }
  useKeys("case.keys", next ? { Enter: { does: `incident.act.${next}`, act: () => start(next) } } : {})
  return (
    <div className={talks ? "incident talks" : "incident"}>
      <Head each={each} talks={talks} onAct={start} />
      <Steps each={each} />
      <Written each={each} onAct={start} />
      <div className="incident-middle">
        {talks ? (
          <Thread
            of={{ about: "incidents", number: each.number }}
            happened={[]}
            asking={asking}
            onAsk={setAsking}
          />
        ) : (
          <>
            <Deadlines each={each} />
            <Orders each={each} chosen={chosen} setChosen={setChosen} onAct={start} />
          </>
        )}
      </div>
      <aside className="case-right">
        <Owed each={each} next={next} onAct={start} />
        <Believed each={each} />
        <Acts each={each} />
      </aside>
      {doing && <IncidentDialog each={each} act={doing} chosen={[...chosen.values()]} onClose={close} />}
    </div>
  )
}

type HeadProps = { each: IncidentView; talks: boolean; onAct(act: Act): void }

function Head({ each, talks, onAct }: HeadProps) {
  const { t, language } = useWords()
  const causeName = useCauseName(language)
  useEffect(() => {
    document.title = `${each.number} ${each.title} · ${t("shell.product")}`
  }, [each.number, each.title, t])
  const mayDo = (act: Act) => each.legal.some((legal) => legal.act === act && legal.may)
  const cause = causeName(each.cause)
  const more = (["rename", "assign", "return"] as const).filter(mayDo)
  return (
    <header className="page-head case-head">
      <Link to="/cases" className="t3 nw">
        {t("cases.title")}
      </Link>
      <ChevronRight size={14} className="t3" />
      <Link to="/cases/incidents" className="t3 nw">
        {t("incident.list")}
      </Link>
      <ChevronRight size={14} className="t3" />
      <h1 className="el">
        {each.number} {each.title}
      </h1>
      <span className="tag nw">
        <Boxes size={12} /> {t("incident.cases", { n: each.cases.toLocaleString("en") })}
      </span>
      {cause && <span className="tag el">{cause}</span>}
      {each.shared.kind !== "other" && (
        <span className="tag el">
          {t(`evidence.kind.${each.shared.kind}`)} {each.shared.name ?? each.shared.value}
        </span>
      )}
      <span className="grow" />
      <nav className="case-tabs">
        <Link to={`/cases/incidents/${each.number}`} aria-current={talks ? undefined : "page"}>
          {t("case.tab.handle")}
        </Link>
        {each.cases > each.exempt && <Link to={`/report/${each.number}`}>{t("case.tab.report")}</Link>}
        <Link to={`/cases/incidents/${each.number}?talk`} aria-current={talks ? "page" : undefined}>
          {t("incident.talk")}
        </Link>
      </nav>
      <span className="row case-acts">
        {mayDo("add") && (
          <Button size="small" icon={<Plus size={14} />} onClick={() => onAct("add")}>
            {t("incident.act.add")}
          </Button>
        )}
        {mayDo("merge") && (
          <Button size="small" icon={<Merge size={14} />} onClick={() => onAct("merge")}>
            {t("incident.act.merge")}
          </Button>
        )}
        {more.length > 0 && (
          <Dropdown
            trigger={["click"]}
            menu={{
              items: more.map((act) => ({ key: act, label: t(`incident.act.${act}`) })),
              onClick: ({ key }) => onAct(key as Act),
            }}
          >
            <button type="button" className="icon-button" aria-label={t("case.more")}>
              <Ellipsis size={16} />
            </button>
          </Dropdown>
        )}
      </span>
    </header>
  )
}
