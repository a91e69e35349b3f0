package assets

import _ "embed"

// JointForceOpenAPI describes the joint-force protocol (OpenAPI 3.1, YAML).
//
//go:embed openapi/jointforce.yaml
var JointForceOpenAPI []byte
