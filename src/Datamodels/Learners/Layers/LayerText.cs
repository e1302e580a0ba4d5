using System.Globalization;
using Datamodels.IO;

namespace Datamodels.Learners;

/// <summary>The grammar of layers, which <see cref="Layer.Parse"/> shows by example.</summary>
internal static class LayerText
{
    private static readonly string[] s_names =
        ["conv", "batchNorm", "relu", "maxPool", "globalPool", "residual", "dense", "scale"];

    /// <summary>Reads layers separated by commas.</summary>
    /// <exception cref="DatamodelException">The text is not of this form.</exception>
    public static EquatableList<Layer> Parse(string text) => [.. Pieces(text).Select(One)];

    // Cuts at the commas that are in no brackets.
    private static IEnumerable<string> Pieces(string text)
    {
        int depth = 0;
        int start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
            if (depth < 0)
            {
                throw Wrong(text, "a '(' for every ')'");
            }

            if (text[i] == ',' && depth == 0)
            {
                yield return text[start..i].Trim();
                start = i + 1;
            }
        }

        if (depth > 0)
        {
            throw Wrong(text, "a ')' for every '('");
        }

        yield return text[start..].Trim();
    }

    private static Layer One(string text)
    {
        int bracket = text.IndexOf('(');
        if (bracket >= 0)
        {
            return Is(text[..bracket].Trim(), "residual") && text.EndsWith(')')
                ? new ResidualLayer(Parse(text[(bracket + 1)..^1]))
                : throw Wrong(text, "brackets only as in residual(conv 16 3x3, batchNorm, relu)");
        }

        string[] words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return (words.FirstOrDefault() ?? "").ToLowerInvariant() switch
        {
            "conv" => Convolution(text, words),
            "batchnorm" when words.Length == 1 => new BatchNormLayer(),
            "relu" when words.Length == 1 => new ReluLayer(),
            "maxpool" => new MaxPoolLayer(
                words.Length == 2 && Number(words[1], 2, 1024) is { } size
                    ? size
                    : throw Wrong(text, "a size from 2 to 1024, as in maxPool 2")),
            "globalpool" when words.Length == 2 && Is(words[1], "max") => new GlobalPoolLayer(PoolKind.Max),
            "globalpool" when words.Length == 2 && Is(words[1], "mean") => new GlobalPoolLayer(PoolKind.Mean),
            "globalpool" => throw Wrong(text, "globalPool max or globalPool mean"),
            "dense" => Dense(text, words),
            "scale" => new ScaleLayer(
                words.Length == 2
                && double.TryParse(words[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double factor)
                && factor > 0 && double.IsFinite(factor)
                    ? factor
                    : throw Wrong(text, "a factor above 0, as in scale 0.2")),
            "batchnorm" or "relu" => throw Wrong(text, $"{words[0]} alone"),
            "residual" => throw Wrong(text, "layers in brackets, as in residual(conv 16 3x3, batchNorm, relu)"),
            "" => throw Wrong(text, "a layer, such as conv 16 3x3, between commas"),
            _ => throw Wrong(
                text,
                $"one of {string.Join(", ", s_names)} first"
                + (NearestName.Of(words[0], s_names) is { } meant ? $" (did you mean {meant}?)" : "")),
        };
    }

    private static ConvolutionLayer Convolution(string text, string[] words)
    {
        string[] sides = words.Length > 2 ? words[2].Split('x', 'X') : [];
        if (words.Length < 3 || words.Length % 2 == 0 || Number(words[1], 1, 65536) is not { } channels
            || sides.Length != 2 || sides[0] != sides[1] || Number(sides[0], 1, 31) is not { } kernel)
        {
            throw Wrong(
                text,
                "channels from 1 to 65536 and a square kernel from 1x1 to 31x31, as in conv 16 3x3 or "
                + "conv 32 5x5 stride 2 pad 2");
        }

        int stride = 1;
        int padding = ConvolutionLayer.DefaultPadding(kernel);
        for (int i = 3; i < words.Length; i += 2)
        {
            if (Is(words[i], "stride") && Number(words[i + 1], 1, 31) is { } asked)
            {
                stride = asked;
            }
            else if (Is(words[i], "pad") && Number(words[i + 1], 0, kernel - 1) is { } around)
            {
                padding = around;
            }
            else
            {
                throw Wrong(
                    text, $"'stride' with 1 to 31 or 'pad' with 0 to {kernel - 1} (less than the kernel) after the kernel");
            }
        }

        return new ConvolutionLayer(channels, kernel, stride, padding);
    }

    private static DenseLayer Dense(string text, string[] words)
    {
        bool bias = !Is(words[^1], "noBias");
        int length = bias ? words.Length : words.Length - 1;
        int? outputs = length == 2 ? Number(words[1], 1, 65536) : null;
        return length == 1 || outputs is not null
            ? new DenseLayer(outputs, bias)
            : throw Wrong(text, "dense, dense noBias, or a width from 1 to 65536 as in dense 64");
    }

    private static bool Is(string word, string name) => string.Equals(word, name, StringComparison.OrdinalIgnoreCase);

    private static int? Number(string text, int min, int max) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= min && value <= max
            ? value
            : null;

    private static DatamodelException Wrong(string text, string expected) =>
        new("LayerInvalid", ErrorKind.InvalidArgument, $"The layer '{text}' is not understood; expected {expected}.");
}
