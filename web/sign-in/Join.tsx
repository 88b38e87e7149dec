import { useMutation, useQuery } from "@tanstack/react-query"
import { Navigate, useParams } from "react-router"
import type { RoleName } from "../../src/api/contract.ts"
import { get, post } from "../client.ts"
import { ErrorState } from "../marks/Blank.tsx"
import { useWords } from "../words/words.ts"
import { Entrance, EntranceForm, useFormError } from "./Entrance.tsx"

type Invitation = {
  name: string
  email: string | null
  roles: { role: RoleName; department: string | null }[]
  invitedBy: string
  company: string
}
type Values = { name: string; email: string; password: string }

/** Somebody who was invited makes their own password. */
export default function Join() {
  const { t } = useWords()
  const { token = "" } = useParams()
  const path = `/api/v1/invitations/${encodeURIComponent(token)}`
  const { data, error, isPending } = useQuery({
    queryKey: ["invitation", token],
    queryFn: () => get<Invitation>(path),
  })
  const join = useMutation({
    mutationFn: async (values: Values) => {
      await post(path, values)
      await post("/api/auth/sign-in/email", { email: values.email, password: values.password })
    },
  })
  const problem = useFormError(join.error)
  if (join.isSuccess) return <Navigate to="/" replace />
  if (isPending) return null
  const roles = data?.roles.map(({ role }) => t(`sign-in.role.${role}`)).join(", ")
  return (
    <Entrance
      title={t("sign-in.join.title", { company: data?.company ?? "" })}
      lead={data && t("sign-in.join.lead", { by: data.invitedBy, roles })}
    >
      {data ? (
        <EntranceForm<Values>
          fields={[
            { name: "name", label: t("sign-in.name"), autoComplete: "name", initial: data.name },
            {
              name: "email",
              label: t("sign-in.email"),
              type: "email",
              autoComplete: "username",
              initial: data.email ?? "",
            },
            {
              name: "password",
              label: t("sign-in.password"),
              type: "password",
              hint: t("sign-in.passwordHint"),
            },
          ]}
          go={t("sign-in.join.go")}
          busy={join.isPending}
          error={problem}
          onFinish={(values) => join.mutate(values)}
        />
      ) : (
        <ErrorState error={error} />
      )}
    </Entrance>
  )
}
