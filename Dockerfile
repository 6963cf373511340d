# Builds the package from the tree and runs the demo with it:
#   docker build -t backtrader . && docker run --rm backtrader
FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY backtrader backtrader
COPY real_trade real_trade
RUN pip wheel --no-cache-dir --wheel-dir /wheels .

FROM python:3.13-slim
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir --no-index --find-links /wheels backtrader && rm -r /wheels \
    && useradd --create-home trader
WORKDIR /app
COPY examples examples
USER trader
CMD ["python", "examples/quickstart.py"]
