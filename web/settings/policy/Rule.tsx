import { TriangleAlert } from "lucide-react"
import type { ReactNode } from "react"
import { useWords } from "../../words/words.ts"

/** A clause and its rule, with what the regulation says where the company deviates. */
export function Rule({
  clause,
  changed,
  deviates,
  wrong,
  children,
}: {
  clause: string
  changed: boolean
  deviates?: string | null
  wrong?: string | null
  children: ReactNode
}) {
  const { t } = useWords()
  return (
    <div className={changed ? "shop policy-rule changed" : "shop policy-rule"}>
      <span className="t3 s nw">{t("policy.clause", { clause })}</span>
      <div>
        <p>{children}</p>
        {deviates && <Deviates>{deviates}</Deviates>}
        {wrong && (
          <p className="s over" role="alert">
            {wrong}
          </p>
        )}
      </div>
    </div>
  )
}

/** A sentence that stands out without alarm: a deviation from the regulation, or what is only planned. */
export function Deviates({ children }: { children: ReactNode }) {
  return (
    <p className="s deviates">
      <TriangleAlert size={13} aria-hidden="true" />
      <span>{children}</span>
    </p>
  )
}
