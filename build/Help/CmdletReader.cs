using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.Loader;

namespace Datamodels.Build.Help;

/// <summary>Reads cmdlets from the compiled module, its attributes from metadata only, and from its doc comments.</summary>
internal sealed class CmdletReader
{
    private const string Namespace = "System.Management.Automation.";

    private static readonly Dictionary<string, string> s_shortNames = new()
    {
        ["Boolean"] = "bool", ["Double"] = "double", ["Int32"] = "int", ["Int64"] = "long", ["String"] = "string",
        ["SwitchParameter"] = "switch", ["UInt64"] = "ulong",
    };

    // PowerShell adds these itself, and the code has no words for them.
    private static readonly Parameter[] s_shouldProcess =
    [
        new()
        {
            Name = "WhatIf", TypeName = "switch", Default = "False", Aliases = ["wi"],
            Bindings = [new("", false, null, false, false)],
            Text = "Says what would be done, and does nothing.",
        },
        new()
        {
            Name = "Confirm", TypeName = "switch", Default = "False", Aliases = ["cf"],
            Bindings = [new("", false, null, false, false)],
            Text = "Asks before anything is done.",
        },
    ];

    private readonly DocComments _comments;

    private CmdletReader(DocComments comments) => _comments = comments;

    /// <summary>All cmdlets of the module, by name.</summary>
    /// <param name="folder">Where the compiled module lies, with its libraries and doc comments.</param>
    public static IReadOnlyList<Cmdlet> Read(string folder)
    {
        var context = new AssemblyLoadContext("Help");
        context.Resolving += (_, name) =>
        {
            string path = Path.Combine(folder, $"{name.Name}.dll");
            return File.Exists(path) ? context.LoadFromAssemblyPath(path) : null;
        };
        Assembly module = context.LoadFromAssemblyPath(Path.Combine(folder, "Datamodels.PowerShell.dll"));
        var reader = new CmdletReader(new DocComments(Directory.EnumerateFiles(folder, "Datamodels*.xml")));
        return [.. module.GetTypes().Where(type => Attributes(type, "CmdletAttribute").Any()).Select(reader.CmdletOf)
            .OrderBy(cmdlet => cmdlet.Name, StringComparer.Ordinal)];
    }

    private Cmdlet CmdletOf(Type type)
    {
        CustomAttributeData attribute = Attributes(type, "CmdletAttribute").Single();
        object instance = Activator.CreateInstance(type)!;
        List<Parameter> parameters = [.. type.GetProperties().Where(property => Attributes(property, "ParameterAttribute").Any())
            .OrderBy(property => Depth(property.DeclaringType!)).ThenBy(property => property.MetadataToken)
            .Select(property => ParameterOf(property, instance))];
        if (Named(attribute, "SupportsShouldProcess", false))
        {
            parameters.AddRange(s_shouldProcess);
        }

        string[] sets = [.. parameters.SelectMany(parameter => parameter.Bindings).Select(binding => binding.Set)
            .Where(set => set.Length > 0).Distinct()];
        string first = Named(attribute, "DefaultParameterSetName", sets.FirstOrDefault(""));
        return new Cmdlet
        {
            Name = string.Join('-', attribute.ConstructorArguments.Select(argument => argument.Value)),
            Synopsis = _comments.Of(type),
            Aliases = Strings(type, "AliasAttribute"),
            ParameterSets = [first, .. sets.Where(set => set != first)],
            Parameters = parameters,
            Outputs = [.. Attributes(type, "OutputTypeAttribute")
                .SelectMany(output => Flat(output.ConstructorArguments)).OfType<Type>().Select(OutputOf)],
        };
    }

    private Parameter ParameterOf(PropertyInfo property, object instance)
    {
        Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        Binding[] bindings = [.. Attributes(property, "ParameterAttribute").Select(BindingOf)];
        return new Parameter
        {
            Name = property.Name,
            TypeName = TypeName(type),
            Text = _comments.Of(property.DeclaringType!, property.Name),
            Aliases = Strings(property, "AliasAttribute"),
            Values = ValuesOf(property, type),
            Default = bindings.All(binding => binding.Required) ? "" : Shown(property.GetValue(instance)),
            Wildcards = Attributes(property, "SupportsWildcardsAttribute").Any(),
            Bindings = bindings,
        };
    }

    private static Binding BindingOf(CustomAttributeData attribute)
    {
        int position = Named(attribute, "Position", int.MinValue);
        return new Binding(
            Named(attribute, "ParameterSetName", ""), Named(attribute, "Mandatory", false),
            position == int.MinValue ? null : position,
            Named(attribute, "ValueFromPipeline", false), Named(attribute, "ValueFromPipelineByPropertyName", false));
    }

    private (string Name, string Text)[] ValuesOf(PropertyInfo property, Type type)
    {
        Type element = type.IsArray ? type.GetElementType()! : type;
        string[] names = Strings(property, "ValidateSetAttribute");
        names = names.Length == 0 && element.IsEnum ? Enum.GetNames(element) : names;
        return [.. names.Select(name => (name, _comments.Of(element, name)))];
    }

    private Output OutputOf(Type type) => new(
        type.FullName!, _comments.Of(type),
        [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .OrderBy(property => Depth(property.DeclaringType!)).ThenBy(property => property.MetadataToken)
            .Select(property => (property.Name, _comments.Of(property.DeclaringType!, property.Name)))
            .Where(property => property.Item2.Length > 0)]);

    private static string TypeName(Type type) => type.IsArray
        ? TypeName(type.GetElementType()!) + "[]"
        : s_shortNames.GetValueOrDefault(type.Name, type.Name);

    private static string Shown(object? value) => value switch
    {
        null => "",
        string text => text,
        IEnumerable list => string.Join(", ", list.Cast<object>().Select(Shown)),
        // The type of a switch is only a shell here.
        ValueType when value.GetType().Name == "SwitchParameter" => "False",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static int Depth(Type type) => type.BaseType is null ? 0 : 1 + Depth(type.BaseType);

    private static IEnumerable<CustomAttributeData> Attributes(MemberInfo member, string name) =>
        member.CustomAttributes.Where(attribute => attribute.AttributeType.FullName == Namespace + name);

    private static T Named<T>(CustomAttributeData attribute, string name, T otherwise) =>
        attribute.NamedArguments.Where(argument => argument.MemberName == name)
            .Select(argument => (T)argument.TypedValue.Value!).FirstOrDefault(otherwise);

    private static string[] Strings(MemberInfo member, string attribute) =>
        [.. Attributes(member, attribute).SelectMany(data => Flat(data.ConstructorArguments)).OfType<string>()];

    private static IEnumerable<object?> Flat(IEnumerable<CustomAttributeTypedArgument> arguments) => arguments
        .SelectMany(argument => argument.Value is IEnumerable<CustomAttributeTypedArgument> many ? Flat(many) : [argument.Value]);
}
