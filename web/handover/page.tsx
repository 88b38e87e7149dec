import { ChevronLeft } from "lucide-react"
import { Link, Route, Routes, useParams } from "react-router"
import { ErrorState, Skeleton } from "../marks/Blank.tsx"
import { PageHead } from "../marks/PageHead.tsx"
import { sayShort } from "../time/dates.ts"
import { useNow } from "../time/now.ts"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"
import { Given } from "./Given.tsx"
import { History } from "./History.tsx"
import { OwnWorkPart } from "./OwnWork.tsx"
import { useHandover, useHandovers, useOwnWork } from "./queries.ts"
import "../orders/orders.css"
import "./handover.css"

/** Shift handover: what waits for me to confirm, what I hand over, and what was handed over before. */
export default function HandoverPage() {
  return (
    <Routes>
      <Route index element={<Overview />} />
      <Route path=":id" element={<One />} />
    </Routes>
  )
}

function Overview() {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const own = useOwnWork()
  const list = useHandovers()
  const waiting = (list.data?.items ?? []).filter(({ mine, closedAt }) => mine && closedAt === null)
  const ends = own.data?.shiftEndsAt
  return (
    <div className="handover">
      <PageHead
        title={t("handover.title")}
        aside={
          ends ? t("handover.ends", { at: sayShort(Date.parse(ends), now, { language, zone }) }) : undefined
        }
      />
      <div className="handover-body">
        {waiting.map(({ id }, i) => (
          <Waiting key={id} id={id} primary={i === 0} />
        ))}
        {own.isPending && <Skeleton rows={4} height={44} widths={[84, 260]} />}
        {own.error && !own.data && <ErrorState error={own.error} onRetry={() => void own.refetch()} />}
        {own.data && <OwnWorkPart own={own.data} primary={waiting.length === 0} />}
        <History rows={list.data?.items} error={list.error} onRetry={() => void list.refetch()} />
      </div>
    </div>
  )
}

function Waiting({ id, primary }: { id: string; primary: boolean }) {
  const handover = useHandover(id)
  return handover.data ? <Given handover={handover.data} primary={primary} /> : <Skeleton rows={2} />
}

function One() {
  const { t } = useWords()
  const { id = "" } = useParams()
  const handover = useHandover(id)
  return (
    <div className="handover">
      <PageHead title={t("handover.title")}>
        <Link className="row s" to="/handover">
          <ChevronLeft size={14} /> {t("handover.all")}
        </Link>
      </PageHead>
      <div className="handover-body">
        {handover.isPending && <Skeleton rows={6} height={44} widths={[84, 260]} />}
        {handover.error && <ErrorState error={handover.error} onRetry={() => void handover.refetch()} />}
        {handover.data && <Given handover={handover.data} primary />}
      </div>
    </div>
  )
}
