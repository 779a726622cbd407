"""The network as a PyTorch user has it: transformers' wav2vec 2.0 and the heads, kept in a checkpoint."""
from dataclasses import asdict, dataclass

import torch
from torch import nn
from transformers import Wav2Vec2Config, Wav2Vec2Model

from parity import EMBEDDING

HEADS = {"logits": "classifier", "logits_age": "age", "logits_gender": "gender"}


@dataclass(frozen=True)
class Sizes:
    hidden: int
    layers: int
    heads: int
    feed_forward: int
    channels: list[int]
    kernels: list[int]
    strides: list[int]
    positional_kernel: int
    positional_groups: int
    normalises_input: bool
    labels: dict[str, int]  # Numbers by output.


class Head(nn.Module):
    def __init__(self, hidden: int, numbers: int) -> None:
        super().__init__()
        self.dense = nn.Linear(hidden, hidden)
        self.out_proj = nn.Linear(hidden, numbers)

    def forward(self, pooled: torch.Tensor) -> torch.Tensor:
        return self.out_proj(torch.tanh(self.dense(pooled)))


class EmotionNetwork(nn.Module):
    """[1, samples] → outputs by name, each [1, n]. transformers chooses how attention is computed."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.sizes = sizes
        self.wav2vec2 = Wav2Vec2Model(
            Wav2Vec2Config(
                hidden_size=sizes.hidden,
                num_hidden_layers=sizes.layers,
                num_attention_heads=sizes.heads,
                intermediate_size=sizes.feed_forward,
                conv_dim=sizes.channels,
                conv_kernel=sizes.kernels,
                conv_stride=sizes.strides,
                num_feat_extract_layers=len(sizes.channels),
                num_conv_pos_embeddings=sizes.positional_kernel,
                num_conv_pos_embedding_groups=sizes.positional_groups,
                feat_extract_norm="layer",
                do_stable_layer_norm=True,
                conv_bias=True,
                mask_time_prob=0,
                mask_feature_prob=0,
            )
        )
        for output, numbers in sizes.labels.items():
            self.add_module(HEADS[output], Head(sizes.hidden, numbers))

    def forward(self, signal: torch.Tensor) -> dict[str, torch.Tensor]:
        if self.sizes.normalises_input:
            signal = signal - signal.mean(dim=1, keepdim=True)
            signal = signal / torch.sqrt((signal * signal).mean(dim=1, keepdim=True) + 1e-7)
        pooled = self.wav2vec2(signal).last_hidden_state.mean(dim=1)
        heads = {output: self.get_submodule(HEADS[output])(pooled) for output in self.sizes.labels}
        return {EMBEDDING: pooled, **heads}


def set_weights(network: EmotionNetwork, weights: dict[str, torch.Tensor]) -> EmotionNetwork:
    """Gives a network made on the meta device all its parameters."""
    network.load_state_dict(weights, assign=True)
    return network.eval()


def empty_network(sizes: Sizes) -> EmotionNetwork:
    """A network without memory for its parameters."""
    with torch.device("meta"):
        return EmotionNetwork(sizes)


def save_checkpoint(network: EmotionNetwork, path: str) -> None:
    torch.save({"sizes": asdict(network.sizes), "weights": network.state_dict()}, path)


def load_checkpoint(path: str) -> EmotionNetwork:
    checkpoint = torch.load(path, weights_only=True, mmap=True)
    return set_weights(empty_network(Sizes(**checkpoint["sizes"])), checkpoint["weights"])
