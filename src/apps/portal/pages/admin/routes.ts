import type { Doors } from '../../doors.ts';
import type { PortalOptions } from '../../options.ts';
import { actRoutes } from './acts.ts';
import { auditRoutes } from './audit.ts';
import { Desks } from './desk.ts';
import { exemptionRoutes } from './exemptions.ts';
import { keptReportRoutes } from './kept-reports.ts';
import { personRoutes } from './person.ts';
import { policyRoutes } from './policies.ts';
import { reportRoutes } from './reports.ts';
import { resetRoutes } from './resets.ts';
import { userRoutes } from './users.ts';

/** The pages of administrators and managers. */
export function adminRoutes(doors: Doors, options: PortalOptions): void {
  const desks = new Desks(doors, options);
  const routes = [
    userRoutes,
    personRoutes,
    actRoutes,
    policyRoutes,
    exemptionRoutes,
    resetRoutes,
    reportRoutes,
    keptReportRoutes,
    auditRoutes,
  ];
  for (const add of routes) add(desks, options);
}
