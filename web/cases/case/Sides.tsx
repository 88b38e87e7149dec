import type { CaseView } from "../../../src/api/contract/cases.ts"
import { useRequests } from "../../partners/queries.ts"
import { Requests } from "../../partners/Requests.tsx"
import { useCauses } from "../../report/queries.ts"
import { useWords } from "../../words/words.ts"
import { Notice } from "./Notice.tsx"

/** Whether a case needs somebody outside the company: its cause is external, or a partner was asked already. */
export function useIsOutside({ number, cause }: CaseView): boolean {
  const { data: causes } = useCauses()
  const { data: requests = [] } = useRequests(number)
  return requests.length > 0 || causes?.causes.find(({ code }) => code === cause)?.class === "external"
}

/** For an external cause: what the customer is told and what the partner is asked, side by side (3.2c). */
export function Sides({ each }: { each: CaseView }) {
  const { t } = useWords()
  return (
    <section className="case-sides" aria-label={t("case.notice.both")}>
      <Notice each={each} />
      <Requests subject={each.number} proposed={useProposed(each)} />
    </section>
  )
}

/** What a request about a case could say. */
export function useProposed({ order, orderView, product }: CaseView): string {
  const { t } = useWords()
  const { carrier, trackingNo } = orderView?.order ?? {}
  return trackingNo
    ? t("case.proposed.chase", { order: order.orderNo, carrier: carrier ?? "", trackingNo })
    : t("case.proposed.restock", { product: product ?? order.orderNo })
}
