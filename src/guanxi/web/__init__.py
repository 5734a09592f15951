"""The pages: server-rendered, one module and one template each."""
