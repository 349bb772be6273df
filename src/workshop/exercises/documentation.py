"""Where the documentation stands that hints lead to."""

AGENTS_SDK = "https://openai.github.io/openai-agents-python"
TEMPORAL = "https://docs.temporal.io/develop/python"
PLUGIN = f"{TEMPORAL}/integrations/openai-agents-sdk"
METRICS = "https://docs.temporal.io/references/sdk-metrics"
