// How the API speaks of ways to scan.
#pragma once

#include "scanners/scan_plan.h"
#include "webui/api/api.h"

namespace muniment::webui::api {

Json plan_json(const scanners::ScanPlan& plan);
// What the body names; what it does not stays as in `plan`. Error(invalid_argument). The caller finishes the body.
scanners::ScanPlan plan_of(Fields& body, scanners::ScanPlan plan);
// Field "mode".
scanners::ColourMode mode_of(Fields& body, scanners::ColourMode otherwise);

}  // namespace muniment::webui::api
