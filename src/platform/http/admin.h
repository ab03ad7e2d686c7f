// The operator's listener: a second, small Server on loopback with this router, ServerOptions::measured =
// false.
#pragma once

#include <functional>
#include <string>

#include "platform/http/router.h"
#include "platform/metrics/metrics.h"

namespace braid::http {

struct Readiness {
    bool ready = true;
    std::string why;  // one line per thing that is not
};

// GET /metrics   the registry, Prometheus text format
// GET /healthz   200 "ok" as long as the process answers
// GET /readyz    200 "ready", or 503 with the reasons: `ready` is asked on a worker, and may look at the
// database The action of its rows is "admin.watch".
Router make_admin_router(const metrics::Registry& metrics, std::function<Readiness()> ready);

}  // namespace braid::http
