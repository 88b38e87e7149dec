import { Button, Dropdown } from "antd"
import { ChevronRight, Ellipsis, LifeBuoy, MoveRight } from "lucide-react"
import { useEffect, useState } from "react"
import { Link, useParams } from "react-router"
import type { CaseAct, CaseView } from "../../../src/api/contract/cases.ts"
import { address } from "../../client.ts"
import { CaseEvidence } from "../../evidence/CaseEvidence.tsx"
import { ErrorState, Skeleton } from "../../marks/Blank.tsx"
import { StateTag } from "../../marks/StateTag.tsx"
import { Requests } from "../../partners/Requests.tsx"
import { useKeys } from "../../shell/keys.ts"
import { useTick } from "../../time/now.ts"
import { useWords } from "../../words/words.ts"
import { useCase, useCaseChanges, useCauseName } from "../queries.ts"
import { span } from "../span.ts"
import { ActDialog } from "./ActDialog.tsx"
import { Course } from "./Course.tsx"
import { Notice } from "./Notice.tsx"
import { Owed } from "./Owed.tsx"
import { Sides, useIsOutside, useProposed } from "./Sides.tsx"
import { Steps } from "./Steps.tsx"
import { CaseThread } from "./Thread.tsx"
import "./case.css"

/** One case: what happened and why at the left, what was said in the middle, what is owed now at the right. */
export default function CasePage() {
  const { number = "" } = useParams()
  const found = useCase(number)
  useCaseChanges()
  if (found.data) return <Inside key={number} each={found.data} />
  if (found.error) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />
  return <Skeleton rows={12} />
}

function Inside({ each }: { each: CaseView }) {
  const [doing, setDoing] = useState<CaseAct | null>(null)
  const [asking, setAsking] = useState(false)
  const outside = useIsOutside(each)
  const proposed = useProposed(each)
  const mayDo = (act: CaseAct) => each.acts.some((legal) => legal.act === act && legal.may)
  const next = each.acts.find(({ may }) => may)?.act
  useKeys("case.keys", {
    ...(next ? { Enter: { does: `case.act.${next}`, act: () => setDoing(next) } } : {}),
    ...(mayDo("assign") || mayDo("hand_on")
      ? { e: { does: "case.key.assign", act: () => setDoing(mayDo("assign") ? "assign" : "hand_on") } }
      : {}),
  })
  return (
    <div className="case">
      <Head each={each} mayDo={mayDo} onAct={setDoing} onAsk={() => setAsking(true)} />
      <Steps each={each} />
      <div className="case-left">
        <Course each={each} />
        <CaseEvidence each={each} mayDecide={mayDo("cause")} />
      </div>
      <div className="case-middle">
        {outside && <Sides each={each} />}
        <CaseThread each={each} asking={asking} onAsk={setAsking} />
      </div>
      <Owed each={each} onAct={setDoing}>
        {!outside && <Notice each={each} />}
        {!outside && <Requests subject={each.number} proposed={proposed} />}
      </Owed>
      {doing !== null && <ActDialog each={each} act={doing} onClose={() => setDoing(null)} />}
    </div>
  )
}

const lesser: CaseAct[] = ["take", "reopen", "return"]

function Head({
  each,
  mayDo,
  onAct,
  onAsk,
}: {
  each: CaseView
  mayDo(act: CaseAct): boolean
  onAct(act: CaseAct): void
  onAsk(): void
}) {
  const { t, language } = useWords()
  useEffect(() => {
    document.title = `${each.number} · ${t("shell.product")}`
  }, [each.number, t])
  const causeName = useCauseName(language)
  const standing = each.breaches.find(({ withdrawnAt }) => withdrawnAt === null)
  const late = useTick((now) =>
    each.lateFrom === null
      ? ""
      : span((each.lateUntil === null ? now : Date.parse(each.lateUntil)) - Date.parse(each.lateFrom)),
  )
  const cause = causeName(each.cause)
  const more = lesser.filter(mayDo)
  const { channel, shop, orderNo } = each.order
  return (
    <header className="page-head case-head">
      <Link to="/cases" className="t3 nw">
        {t("cases.title")}
      </Link>
      <ChevronRight size={14} className="t3" />
      <h1 className="nw">{each.number}</h1>
      {standing && (
        <StateTag state="over">
          {t("case.late", { kind: t(`marks.kind.${standing.clock}`), span: late })}
        </StateTag>
      )}
      {cause && <span className="tag el">{cause}</span>}
      {each.incident && (
        <Link className="tag el" to={`/cases/incidents/${each.incident.number}`}>
          {each.incident.number} {each.incident.title}
          {each.exempt && ` · ${t("incident.act.exempt")}`}
        </Link>
      )}
      {each.handOns >= 2 && <span className="tag near">{t("case.handOns", { n: each.handOns })}</span>}
      <span className="grow" />
      <nav className="case-tabs">
        <Link to={`/cases/${each.number}`} aria-current="page">
          {t("case.tab.handle")}
        </Link>
        <Link to={`/report/${each.number}`}>{t("case.tab.report")}</Link>
        <Link to={address("/orders", { order: `${channel}/${shop}/${orderNo}`, q: orderNo })}>
          {t("case.tab.order")}
        </Link>
      </nav>
      <span className="row case-acts">
        {mayDo("hand_on") && (
          <Button size="small" icon={<MoveRight size={14} />} onClick={() => onAct("hand_on")}>
            {t("case.act.hand_on")}
          </Button>
        )}
        <Button size="small" icon={<LifeBuoy size={14} />} onClick={onAsk}>
          {t("thread.help.ask")}
        </Button>
        {more.length > 0 && (
          <Dropdown
            trigger={["click"]}
            menu={{
              items: more.map((act) => ({ key: act, label: t(`case.act.${act}`) })),
              onClick: ({ key }) => onAct(key as CaseAct),
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
