import { Elysia } from 'elysia'
import type { Deps } from './core/ctx'
import { errorPages } from './dashboard/faults'
import { dashboardRoutes } from './dashboard/routes'
import { body } from './http/body'
import { createDocs } from './http/docs'
import { errors } from './http/errors'
import { fileSender } from './http/file'
import { gate } from './http/gate'
import { representation } from './http/representation'
import { type Handle, withRequestLog } from './http/request-log'
import { RouteTable } from './http/route-table'
import { systemRoutes } from './http/system'
import { publicAbout } from './public/about'
import { publicRoutes } from './public/routes'
import { accountRoutes } from './resources/account/routes'
import { abouts } from './resources/all'
import { auditRoutes } from './resources/audit/routes'
import { changeRoutes } from './resources/cases/feed/routes'
import { exportRoutes } from './resources/cases/files/routes'
import { caseRoutes } from './resources/cases/routes'
import { timelineRoutes } from './resources/cases/timeline/routes'
import { categoryRoutes } from './resources/categories/routes'
import { eventRoutes } from './resources/events/routes'
import { newsRoutes } from './resources/news/routes'
import { reportRoutes } from './resources/reports/routes'
import { settingsRoutes } from './resources/settings/routes'
import { userRoutes } from './resources/users/routes'
import { wardRoutes } from './resources/wards/routes'
import { catalogue } from './resources/webhooks/catalogue'
import { deliveryRoutes } from './resources/webhooks/deliveries/routes'
import { webhookRoutes } from './resources/webhooks/routes'

export type App = { handle: Handle; routes: RouteTable }

/** The whole application, not listening: `handle` answers a request as the server would. */
export function createApp(deps: Deps): App {
  const table: { routes?: RouteTable } = {}
  const { publicUrl } = deps.config
  const send = fileSender(deps.log)
  const docs = createDocs([...abouts, publicAbout], { publicUrl, events: catalogue })
  const app = new Elysia({ normalize: false, handler: { standardHostname: false } })
    .use(errors(deps.log, errorPages(deps)))
    .use(gate(deps, () => table.routes as RouteTable))
    .use(body)
    .use(representation)
    .use(systemRoutes(deps))
    .use(docs.plugin)
    .use(accountRoutes(deps))
    .use(caseRoutes)
    .use(timelineRoutes)
    .use(changeRoutes)
    .use(exportRoutes(send))
    .use(wardRoutes(send))
    .use(categoryRoutes)
    .use(userRoutes)
    .use(eventRoutes)
    .use(newsRoutes)
    .use(webhookRoutes(deps))
    .use(deliveryRoutes)
    .use(auditRoutes(send))
    .use(settingsRoutes)
    .use(reportRoutes)
    .use(publicRoutes(deps))
    .use(dashboardRoutes(deps))

  const routes = new RouteTable(docs.complete(app.routes))
  table.routes = routes
  return { handle: withRequestLog(deps, app.fetch), routes }
}
